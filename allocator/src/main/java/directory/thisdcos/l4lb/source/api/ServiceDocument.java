package directory.thisdcos.l4lb.source.api;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.BalancingOption;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonText;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The body of {@code PUT /v1/services/NAME:PORT}: all backends that one owner gives a service.
 *
 * <pre>{"owner": "db-team", "ttl": "30s",
 *  "backends": [{"ip": "10.0.0.5", "port": 5432, "weight": 1, "health": "healthy",
 *                "container": "172.17.0.2:5432", "node": "", "zone": "", "portName": ""}]}</pre>
 *
 * <p>Only {@code ip} and {@code port} of a backend are required. {@code weight} is 0 to 65535, 1 if absent.
 * {@code health} is {@code healthy} (if absent), {@code unhealthy} or {@code draining}. {@code ttl} is 1 s to 1 d; a
 * document without it lasts until it is deleted. Beside them the fields of {@link BalancingOption} may stand, such as
 * {@code "scheduler": "sh", "persistenceSeconds": 300}.
 */
public record ServiceDocument(ServiceKey key, String owner, Declarations declarations) {
    /** The source of everything that comes through the API. */
    public static final String SOURCE = "api";

    private static final int MAX_BACKENDS = 10_000;
    private static final int MAX_TEXT = 256;
    private static final long MAX_WEIGHT = 65_535;
    private static final Duration MIN_TTL = Duration.ofSeconds(1);
    private static final Duration MAX_TTL = Duration.ofDays(1);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");
    private static final Set<String> FIELDS = Stream.concat(
                    Stream.of("owner", "ttl", "backends"),
                    Arrays.stream(BalancingOption.values()).map(BalancingOption::field))
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> BACKEND_FIELDS =
            Set.of("ip", "port", "weight", "health", "container", "node", "zone", "portName");

    public List<Endpoint> addresses() {
        return declarations.services().values().stream()
                .flatMap(service -> service.backends().stream())
                .map(Backend::address)
                .toList();
    }

    /** Its unit within the source. */
    public String unit() {
        return unit(key, owner);
    }

    /** The unit of a service and an owner within the source. */
    public static String unit(ServiceKey key, String owner) {
        return key + " " + owner;
    }

    /** Reads a body; nothing of it counts if any of it is wrong. */
    public static ServiceDocument read(ServiceKey key, byte[] body) throws InvalidDocumentException {
        List<InvalidDocumentException> faults = new ArrayList<>();
        Json root = root(body, faults);
        checkFields(root, FIELDS);
        if (!root.isObject()) {
            throw new InvalidDocumentException("", "the body is a JSON object: {\"backends\":[{\"ip\":…,\"port\":…}]}");
        }
        String owner = text(root.get("owner")).orElse(SOURCE);
        long lease = lease(root.get("ttl"));
        Json backends = root.get("backends");
        if (!backends.isArray() || backends.items().size() > MAX_BACKENDS) {
            throw new InvalidDocumentException("backends", "give an array of at most " + MAX_BACKENDS + " backends");
        }
        DeclarationBuilder out = new DeclarationBuilder();
        out.declare(key, new Origin(SOURCE, SOURCE, owner, "", lease).with(BalancingFields.read(root, key)));
        Set<Endpoint> seen = new HashSet<>();
        for (Json item : backends.items()) {
            Backend backend = backend(key, owner, item);
            if (!seen.add(backend.address())) {
                throw new InvalidDocumentException(item.path(), backend.address() + " is there twice; give it once");
            }
            out.add(key, backend);
        }
        if (!faults.isEmpty()) {
            throw faults.get(0);
        }
        return new ServiceDocument(key, owner, out.build());
    }

    private static Json root(byte[] body, List<InvalidDocumentException> faults) throws InvalidDocumentException {
        try {
            JsonText text = JsonText.parse(body);
            if (!text.duplicates().isEmpty()) {
                throw new InvalidDocumentException(text.duplicates().get(0).path(), "this key stands twice");
            }
            return text.root((kind, path, message) -> faults.add(new InvalidDocumentException(path, message)));
        } catch (MalformedJsonException e) {
            throw new InvalidDocumentException("", String.valueOf(e.getMessage()));
        }
    }

    private static void checkFields(Json object, Set<String> known) throws InvalidDocumentException {
        if (!object.isObject()) {
            return;
        }
        List<String> unknown = new ArrayList<>();
        object.forEachField((name, value) -> {
            if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            String place = object.path().isEmpty() ? unknown.get(0) : object.path() + "." + unknown.get(0);
            throw new InvalidDocumentException(
                    place,
                    "unknown field; known are "
                            + String.join(", ", known.stream().sorted().toList()));
        }
    }

    private static Backend backend(ServiceKey key, String owner, Json item) throws InvalidDocumentException {
        if (!item.isObject()) {
            throw new InvalidDocumentException(item.path(), "a backend is an object with ip and port");
        }
        checkFields(item, BACKEND_FIELDS);
        Ip ip = text(item.get("ip"))
                .flatMap(Ip::parse)
                .orElseThrow(() -> new InvalidDocumentException(
                        item.get("ip").path(), "give an IP address, such as \"10.0.0.5\""));
        int port = item.get("port").port().orElse(0);
        if (port == 0) {
            throw new InvalidDocumentException(item.get("port").path(), "give a port from 1 to 65535");
        }
        if (key.target() instanceof FixedAddress fixed && fixed.ip().family() != ip.family()) {
            throw new InvalidDocumentException(
                    item.get("ip").path(), "a fixed VIP has backends of its own family; " + ip + " is not of it");
        }
        Health health = health(item.get("health"));
        return new Backend(
                new Endpoint(ip, port),
                container(item.get("container")),
                health.eligible() ? weight(item.get("weight")) : 0,
                health,
                text(item.get("node")).orElse(""),
                text(item.get("zone")).orElse(""),
                text(item.get("portName")).orElse(""),
                owner,
                SOURCE);
    }

    private static Optional<Endpoint> container(Json field) throws InvalidDocumentException {
        Optional<String> text = text(field);
        try {
            return text.map(Endpoint::parse);
        } catch (IllegalArgumentException e) {
            throw new InvalidDocumentException(field.path(), String.valueOf(e.getMessage()));
        }
    }

    private static int weight(Json field) throws InvalidDocumentException {
        OptionalDouble number = field.number();
        double weight = number.orElse(1);
        if ((field.isPresent() && number.isEmpty())
                || weight < 0
                || weight > MAX_WEIGHT
                || weight != Math.rint(weight)) {
            throw new InvalidDocumentException(field.path(), "a weight is a whole number from 0 to " + MAX_WEIGHT);
        }
        return (int) weight;
    }

    private static Health health(Json field) throws InvalidDocumentException {
        String text = text(field).orElse(Health.HEALTHY.text());
        return Arrays.stream(Health.values())
                .filter(health -> health == Health.HEALTHY || health == Health.UNHEALTHY || health == Health.DRAINING)
                .filter(health -> health.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidDocumentException(field.path(), "give healthy, unhealthy or draining"));
    }

    private static Optional<String> text(Json field) throws InvalidDocumentException {
        Optional<String> text = field.text();
        if (field.isPresent() && text.isEmpty()) {
            throw new InvalidDocumentException(field.path(), "give a text");
        }
        if (text.filter(value -> value.length() > MAX_TEXT).isPresent()) {
            throw new InvalidDocumentException(field.path(), "at most " + MAX_TEXT + " characters");
        }
        return text;
    }

    private static long lease(Json field) throws InvalidDocumentException {
        Optional<String> text = text(field);
        if (text.isEmpty()) {
            return 0;
        }
        Matcher matcher = DURATION.matcher(text.get());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration ttl = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            if (ttl.compareTo(MIN_TTL) >= 0 && ttl.compareTo(MAX_TTL) <= 0) {
                return ttl.toMillis();
            }
        }
        throw new InvalidDocumentException(field.path(), "a time to live is 1s to 1d, such as 30s or 5m");
    }
}
