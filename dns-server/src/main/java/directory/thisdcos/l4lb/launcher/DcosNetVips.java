package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names that a dcos-net has: its {@code GET /v1/vips}, an array of {@code {"vip": "NAME:PORT", "protocol": "tcp",
 * "backend": [{"ip": "…", "port": N}]}}.
 *
 * @param families for each name those of its backends; dcos-net gives it an address in each of them. Empty for a name
 *     without backends
 * @param fixed number of fixed VIPs, whose addresses stand in the labels
 * @param unusable what stands there and is no name, with the reason
 */
record DcosNetVips(SortedMap<ServiceName, Set<Family>> families, int fixed, SortedMap<String, String> unusable) {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final JsonMapper JSON = new JsonMapper();

    static DcosNetVips fetch(URI base) throws StartException, InterruptedException {
        URI uri = base.resolve("/v1/vips");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != OK) {
                    throw new StartException(
                            uri + ": status " + answer.statusCode() + "; is it the API of a dcos-net, port 62080?");
                }
                return read(body);
            }
        } catch (JsonProcessingException e) {
            throw new StartException(uri + ": the answer is no list of VIPs: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new StartException(uri + ": " + Reasons.of(e), e);
        }
    }

    static DcosNetVips read(InputStream body) throws IOException, StartException {
        DcosNetVips vips = new DcosNetVips(new TreeMap<>(), 0, new TreeMap<>());
        int fixed = 0;
        try (MappingIterator<JsonNode> each = JSON.readerFor(JsonNode.class).readValues(body)) {
            while (each.hasNextValue()) {
                fixed += vips.add(each.nextValue()) ? 1 : 0;
            }
        }
        return new DcosNetVips(vips.families, fixed, vips.unusable);
    }

    /** Whether it is a fixed one. */
    private boolean add(JsonNode vip) throws StartException {
        String text = vip.path("vip").asText();
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !vip.path("backend").isArray()) {
            throw new StartException("an entry of /v1/vips is not as dcos-net writes it: "
                    + vip.toString().substring(0, Math.min(100, vip.toString().length())));
        }
        String host = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (Ip.parse(host).isPresent()) {
            return true;
        }
        try {
            Set<Family> ofName =
                    families.computeIfAbsent(new ServiceName(host), absent -> EnumSet.noneOf(Family.class));
            for (JsonNode backend : vip.path("backend")) {
                Ip.parse(backend.path("ip").asText()).ifPresent(ip -> ofName.add(ip.family()));
            }
        } catch (IllegalArgumentException e) {
            unusable.put(
                    host,
                    "it is no name that a label gives here: each part has letters, digits and hyphens within, and at most"
                            + " 63 of them; rename the label");
        }
        return false;
    }

    /** Names that have an address there. */
    Map<ServiceName, Set<Family>> withBackends() {
        Map<ServiceName, Set<Family>> some = new TreeMap<>(families);
        some.values().removeIf(Set::isEmpty);
        return some;
    }
}
