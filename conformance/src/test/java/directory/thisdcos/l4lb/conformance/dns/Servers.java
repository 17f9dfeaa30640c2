package directory.thisdcos.l4lb.conformance.dns;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** NSD, Knot, BIND and we, each with the same folder of master files. For one thread. */
final class Servers implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Map<Reference.Kind, Reference> references = new EnumMap<>(Reference.Kind.class);
    private final Map<Reference.Kind, Asking> asked = new EnumMap<>(Reference.Kind.class);
    private final Map<String, Boolean> serves = new HashMap<>();
    private final ProblemBoard problems;
    private final DnsServer server;
    private final Asking ours;

    private Servers(Path folder, List<String> origins) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        problems = new ProblemBoard(registry, InstantSource.system());
        server = new DnsServer(
                DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), List.of(), Optional.of(folder)),
                registry,
                problems);
        server.start();
        ours = new Asking(server.listening().get(0).port());
        for (Reference.Kind kind : Reference.Kind.values()) {
            Reference reference = Reference.start(kind, folder, origins);
            references.put(kind, reference);
            asked.put(kind, new Asking(reference.port()));
        }
    }

    /**
     * Starts all four; skips the test where one is not installed.
     *
     * @param origins of the files {@code ORIGIN.zone}; every reference serves the first
     */
    static Servers start(Path folder, List<String> origins) throws IOException {
        for (Reference.Kind kind : Reference.Kind.values()) {
            if (!kind.isInstalled()) {
                System.err.println("SKIPPED: DNS is not compared with " + kind + "; apt-get install "
                        + kind.debianPackage() + " to have it");
            }
            assumeTrue(kind.isInstalled(), kind + " is not installed");
        }
        Servers servers = new Servers(folder, origins);
        try {
            servers.references.forEach((kind, reference) -> servers.await(kind, reference, origins.get(0)));
        } catch (AssertionError e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    private void await(Reference.Kind kind, Reference reference, String origin) {
        byte[] query = Queries.of(origin, "NS", 1, Queries.Form.PLAIN);
        long deadline = System.nanoTime() + START.toNanos();
        while (Optional.ofNullable(asked.get(kind))
                .flatMap(asking -> asking.ask(query))
                .isEmpty()) {
            assertTrue(System.nanoTime() < deadline, kind + " does not answer:\n" + reference.log());
        }
    }

    Asking ours() {
        return ours;
    }

    /** What we have to say about the master files. */
    List<ProblemBoard.Entry> problems() {
        return problems.entries();
    }

    /** The answers of all references, whether or not they took a zone. */
    Map<Reference.Kind, Optional<byte[]>> all(Function<Asking, Optional<byte[]>> way) {
        Map<Reference.Kind, Optional<byte[]>> answers = new EnumMap<>(Reference.Kind.class);
        asked.forEach((kind, asking) -> answers.put(kind, way.apply(asking)));
        return answers;
    }

    /** The answers of those references that took the zone: BIND refuses some that the others serve. */
    Map<Reference.Kind, Optional<byte[]>> of(String origin, Function<Asking, Optional<byte[]>> way) {
        Map<Reference.Kind, Optional<byte[]>> answers = new EnumMap<>(Reference.Kind.class);
        asked.forEach((kind, asking) -> {
            if (serves(kind.name(), asking, origin)) {
                answers.put(kind, way.apply(asking));
            }
        });
        return answers;
    }

    int port(Reference.Kind kind) {
        return Optional.ofNullable(references.get(kind)).map(Reference::port).orElse(0);
    }

    /** What a reference has written. */
    String log(Reference.Kind kind) {
        Reference reference = references.get(kind);
        return reference == null ? "" : reference.log();
    }

    /** Whether we took the zone. */
    boolean serve(String origin) {
        return serves("", ours, origin);
    }

    private boolean serves(String kind, Asking asking, String origin) {
        return serves.computeIfAbsent(
                kind + "/" + origin,
                key -> Verdict.of(asking.ask(Queries.of(origin, "SOA", 7, Queries.Form.PLAIN)))
                        .startsWith("NOERROR"));
    }

    @Override
    public void close() {
        references.values().forEach(Reference::close);
        asked.values().forEach(Asking::close);
        ours.close();
        server.close();
    }
}
