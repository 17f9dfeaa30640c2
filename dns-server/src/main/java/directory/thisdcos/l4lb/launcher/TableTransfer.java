package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/** Writes many names into the table, through the admin API of an allocator. */
final class TableTransfer {
    private static final int AT_ONCE = 4_000;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI admin;
    private final Progress progress;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /** What came of it, or would. */
    record Report(int reserved, int already) {}

    TableTransfer(URI admin, Progress progress) {
        this.admin = admin;
        this.progress = progress;
    }

    /** @param conflicts learns of names that cannot be reserved; of the rest of their part nothing is written then */
    Report reserve(List<ImportPlan.Entry> entries, boolean planOnly, SortedMap<String, String> conflicts)
            throws StartException, InterruptedException {
        int reserved = 0;
        int already = 0;
        for (int from = 0; from < entries.size(); from += AT_ONCE) {
            int to = Math.min(entries.size(), from + AT_ONCE);
            progress.at(planOnly ? "checking names," : "reserving names,", from, entries.size());
            JsonNode answer = post(
                    "/v1/allocations?plan=" + planOnly, document(entries.subList(from, to)));
            reserved += answer.path("reserved").asInt();
            already += answer.path("already").asInt();
            for (JsonNode conflict : answer.path("conflicts")) {
                conflicts.put(
                        conflict.path("name").asText(), conflict.path("reason").asText());
            }
        }
        progress.at(planOnly ? "checking names," : "reserving names,", entries.size(), entries.size());
        return new Report(reserved, already);
    }

    private static JsonNode document(List<ImportPlan.Entry> entries) {
        ObjectNode document = JSON.createObjectNode().put("owner", "import");
        ArrayNode allocations = document.putArray("allocations");
        for (ImportPlan.Entry entry : entries) {
            ObjectNode one = allocations.addObject().put("name", entry.name().prefix());
            entry.address().ifPresent(ip -> one.put("address", ip.toString()));
            entry.address6().ifPresent(ip -> one.put("address6", ip.toString()));
        }
        return document;
    }

    private JsonNode post(String path, JsonNode body) throws StartException, InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(admin.resolve(path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() == OK || (answer.statusCode() == CONFLICT && json.has("conflicts"))) {
                return json;
            }
            throw new StartException(admin + ": " + json.path("detail").asText("status " + answer.statusCode()));
        } catch (ConnectException e) {
            throw new StartException(
                    admin + ": nothing answers; is `l4lb standalone` or `l4lb allocator` running, and is --admin its"
                            + " admin address?",
                    e);
        } catch (IOException e) {
            throw new StartException(admin + ": " + Reasons.of(e), e);
        }
    }
}
