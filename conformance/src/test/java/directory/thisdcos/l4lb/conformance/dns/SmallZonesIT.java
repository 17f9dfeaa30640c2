package directory.thisdcos.l4lb.conformance.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of tiny odd zones: what most of the references say that took a zone is what we say. */
class SmallZonesIT {
    private static final int ZONES = Integer.getInteger("l4lb.zones", 300);
    private static final int QUESTIONS = 120;
    private static final int MAX_SHOWN = Integer.getInteger("l4lb.shown", 5);

    private final long seed = Long.getLong("l4lb.seed", 1L);
    private final Random random = new Random(seed);

    @Test
    void answersAsMostOfThemDo(@TempDir Path folder) throws IOException {
        List<SmallZone> zones = new ArrayList<>();
        Files.writeString(folder.resolve("plain.test.zone"), """
                plain.test. 500 IN SOA ns.plain.test. root.plain.test. 1 60 60 60 60
                plain.test. 500 IN NS ns.plain.test.
                ns.plain.test. 500 IN A 192.0.2.1
                """);
        for (int i = 0; i < ZONES; i++) {
            SmallZone zone = SmallZone.of(i, random);
            zones.add(zone);
            Files.writeString(folder.resolve(zone.origin() + ".zone"), zone.text());
        }
        List<String> origins = new ArrayList<>(List.of("plain.test"));
        IntStream.range(0, ZONES).mapToObj(SmallZone::origin).forEach(origins::add);
        int compared = 0;
        Map<String, List<String>> differences = new TreeMap<>();
        try (Servers servers = Servers.start(folder, origins)) {
            for (SmallZone zone : zones) {
                for (RandomZone.Question question : zone.questions(QUESTIONS, random)) {
                    byte[] query = Queries.of(question, random.nextInt(1 << 16), Queries.Form.EDNS);
                    Optional<String> difference = difference(servers, zone.origin(), query);
                    compared++;
                    difference.ifPresent(text -> differences
                            .computeIfAbsent(kind(question, text), key -> new ArrayList<>())
                            .add(question.name() + " " + question.type() + "\n" + text + zone.text()));
                }
            }
        }
        assertTrue(compared > ZONES);
        assertEquals(
                0,
                differences.size(),
                () -> "seed " + seed + "\n"
                        + differences.entrySet().stream()
                                .map(entry -> "## " + entry.getValue().size() + " × " + entry.getKey() + "\n"
                                        + entry.getValue().stream()
                                                .limit(MAX_SHOWN)
                                                .collect(Collectors.joining("\n")))
                                .collect(Collectors.joining("\n")));
    }

    private static String kind(RandomZone.Question question, String text) {
        String kind = text.lines().findFirst().orElse("");
        return kind.startsWith("WE") ? kind : kind + " " + question.type();
    }

    private static Optional<String> difference(Servers servers, String origin, byte[] query) {
        Map<Reference.Kind, String> theirs = new TreeMap<>();
        servers.of(origin, asking -> asking.ask(query))
                .forEach((kind, answer) -> theirs.put(kind, Verdict.core(answer)));
        String mine = Verdict.core(servers.ours().ask(query));
        if (!servers.serve(origin) || theirs.isEmpty()) {
            return servers.serve(origin) ? Optional.empty() : Optional.of("WE REFUSE, NOT " + theirs.keySet() + "\n");
        }
        if (theirs.size() == 1) {
            return Optional.empty();
        }
        long most = theirs.values().stream()
                .mapToLong(verdict -> votes(theirs.values(), verdict))
                .max()
                .orElse(0);
        long forUs = votes(theirs.values(), mine);
        // Chains that grow: each stops where it likes.
        boolean open = most == 1
                && theirs.values().stream().anyMatch(verdict -> head(verdict).equals(head(mine)));
        if (forUs == most || open) {
            return Optional.empty();
        }
        StringBuilder told = new StringBuilder(forUs == 0 ? "NONE" : "FEW").append('\n');
        told.append("  ours: ").append(mine).append('\n');
        theirs.forEach((kind, verdict) -> told.append("  " + kind + ": " + verdict + "\n"));
        return Optional.of(told.toString());
    }

    private static String head(String verdict) {
        return verdict.substring(0, Math.max(0, verdict.indexOf('[')));
    }

    private static long votes(Collection<String> verdicts, String verdict) {
        return verdicts.stream().filter(verdict::equals).count();
    }
}
