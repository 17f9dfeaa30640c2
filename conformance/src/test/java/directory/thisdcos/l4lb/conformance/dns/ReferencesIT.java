package directory.thisdcos.l4lb.conformance.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Serves the same random zones with NSD, Knot, BIND and us, and compares every answer: response code, flags except RA,
 * question and all three sections. Where the references agree we must agree; where they do not, we must be with one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferencesIT {
    private static final int ZONES = 120;
    private static final int PACKETS = 800;
    private static final int MAX_SHOWN = Integer.getInteger("l4lb.shown", 5);
    private static final List<Queries.Form> FORMS = List.of(Queries.Form.values());

    /** Fixed, so that a run fails for what was changed; {@code -Dl4lb.seed=N} looks elsewhere. */
    private final long seed = Long.getLong("l4lb.seed", 1L);

    private final Random random = new Random(seed);
    private final List<RandomZone> zones = new ArrayList<>();
    private final Map<Reference.Kind, Reference> references = new HashMap<>();
    private final Map<Reference.Kind, Asking> asked = new HashMap<>();

    private DnsServer server;
    private Asking ours;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        for (Reference.Kind kind : Reference.Kind.values()) {
            if (!kind.isInstalled()) {
                System.err.println("SKIPPED: DNS is not compared with " + kind + "; apt-get install "
                        + kind.debianPackage() + " to have it");
            }
            assumeTrue(kind.isInstalled(), kind + " is not installed");
        }
        for (int i = 0; i < ZONES; i++) {
            RandomZone zone = RandomZone.of(i, ZONES, random);
            zones.add(zone);
            Files.writeString(folder.resolve(zone.origin() + ".zone"), zone.text());
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        server = new DnsServer(
                DnsSettings.of(List.of(Endpoint.parse("127.0.0.1:0")), List.of(), Optional.of(folder)),
                registry,
                problems);
        server.start();
        assertEquals(List.of(), problems.entries());
        ours = new Asking(server.listening().get(0).port());
        List<String> origins = zones.stream().map(RandomZone::origin).toList();
        for (Reference.Kind kind : Reference.Kind.values()) {
            Reference reference = Reference.start(kind, folder, origins);
            references.put(kind, reference);
            asked.put(kind, new Asking(reference.port()));
        }
        references.forEach(this::awaitAnswer);
    }

    private void awaitAnswer(Reference.Kind kind, Reference reference) {
        byte[] query = Queries.of(zones.get(0).origin(), "NS", 1, Queries.Form.PLAIN);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (Optional.ofNullable(asked.get(kind))
                .flatMap(asking -> asking.ask(query))
                .isEmpty()) {
            assertTrue(System.nanoTime() < deadline, kind + " does not answer:\n" + reference.log());
        }
    }

    @AfterAll
    void close() {
        references.values().forEach(Reference::close);
        if (server != null) {
            server.close();
        }
    }

    @Test
    void answersAsOneOfThemWhereTheyDifferAndAsAllWhereTheyDoNot() {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (RandomZone zone : zones) {
            for (RandomZone.Question question : zone.questions(random)) {
                Queries.Form form = FORMS.get(random.nextInt(FORMS.size()));
                byte[] query = Queries.of(question, random.nextInt(1 << 16), form);
                compared++;
                difference(zone.origin(), question, query)
                        .ifPresent(text -> differences.add(question + " " + form + "\n" + text + zone.text()));
            }
        }
        assertTrue(compared > 1_000);
        assertEquals(0, differences.size(), () -> told(differences));
    }

    private Optional<String> difference(String origin, RandomZone.Question question, byte[] query) {
        boolean any = question.type().equals("ANY");
        // BIND shortens an answer to ANY over UDP only, the others do not: there all can be said.
        Function<Asking, Optional<byte[]>> way = any ? asking -> asking.askOverTcp(query) : asking -> asking.ask(query);
        Optional<byte[]> mine = way.apply(ours);
        List<Optional<byte[]>> theirs = answers(origin, way);
        if (theirs.isEmpty()) {
            return Optional.empty();
        }
        if (question.qclass().equals("ANY")) {
            // Each reference has an idea of its own what this class is to say, beyond whether the name exists.
            boolean known = theirs.stream().map(Queries::rcode).anyMatch(Queries.rcode(mine)::equals);
            return known ? Optional.empty() : Optional.of(told(mine, theirs));
        }
        // Names of ours may be compressed further, so that what they cut fits.
        boolean allCut = theirs.stream().allMatch(Verdict::isTruncated);
        if (!allCut && isUnlike(mine, theirs)) {
            return Optional.of(told(mine, theirs));
        }
        if (any && !union(theirs).containsAll(Verdict.records(mine))) {
            return Optional.of(told(mine, theirs));
        }
        if (!allCut && !Verdict.isTruncated(mine)) {
            return Optional.empty();
        }
        Optional<byte[]> whole = ours.askOverTcp(query);
        List<Optional<byte[]>> theirWhole = answers(origin, asking -> asking.askOverTcp(query));
        boolean isPart = Verdict.records(whole).containsAll(Verdict.records(mine));
        return isPart && !isUnlike(whole, theirWhole)
                ? Optional.empty()
                : Optional.of("truncated " + Verdict.records(mine) + "\n" + told(whole, theirWhole));
    }

    private static boolean isUnlike(Optional<byte[]> mine, List<Optional<byte[]>> theirs) {
        return theirs.stream().map(Verdict::of).noneMatch(Verdict.of(mine)::equals);
    }

    private static Set<String> union(List<Optional<byte[]>> answers) {
        Set<String> union = new HashSet<>();
        answers.forEach(answer -> union.addAll(Verdict.records(answer)));
        return union;
    }

    private static String told(Optional<byte[]> mine, List<Optional<byte[]>> theirs) {
        return "  ours:  " + Verdict.of(mine) + "\n  theirs: "
                + String.join("\n          ", theirs.stream().map(Verdict::of).toList()) + "\n";
    }

    /** What those say that took the zone: BIND refuses some that the others serve. */
    private List<Optional<byte[]>> answers(String origin, Function<Asking, Optional<byte[]>> way) {
        List<Optional<byte[]>> answers = new ArrayList<>();
        asked.forEach((kind, asking) -> {
            if (serves(kind, origin)) {
                answers.add(way.apply(asking));
            }
        });
        return answers;
    }

    private final Map<String, Boolean> serves = new HashMap<>();

    private boolean serves(Reference.Kind kind, String origin) {
        return serves.computeIfAbsent(
                kind + origin,
                key -> Optional.ofNullable(asked.get(kind))
                        .map(asking -> Verdict.of(asking.ask(Queries.of(origin, "SOA", 7, Queries.Form.PLAIN))))
                        .filter(verdict -> verdict.startsWith("NOERROR"))
                        .isPresent());
    }

    /** Queries with octets changed at random: where all three give one response code, so do we. */
    @Test
    void treatsDamagedQueriesAsTheyDo() {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            RandomZone zone = zones.get(random.nextInt(ZONES));
            String name = zone.names().get(random.nextInt(zone.names().size()));
            byte[] query = Queries.damaged(Queries.of(name, "A", i, Queries.Form.EDNS), random);
            if (treatsDifferently(asking -> asking.askOnce(query))
                    // Once more, with patience: the machine may have been busy.
                    && treatsDifferently(asking -> asking.ask(query))) {
                differences.add(Queries.hex(query) + " ours " + Queries.rcode(ours.ask(query)));
            }
        }
        assertEquals(0, differences.size(), () -> told(differences));
    }

    private boolean treatsDifferently(Function<Asking, Optional<byte[]>> way) {
        Set<String> verdicts = new HashSet<>();
        asked.values().forEach(asking -> verdicts.add(Queries.rcode(way.apply(asking))));
        return verdicts.size() == 1 && !verdicts.contains(Queries.rcode(way.apply(ours)));
    }

    private String told(List<String> differences) {
        return "seed " + seed + ", " + differences.size() + " differences:\n"
                + String.join("\n", differences.subList(0, Math.min(MAX_SHOWN, differences.size())));
    }
}
