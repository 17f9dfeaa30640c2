package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services at addresses of ours that somebody else made while we were running. They are on disk, so that the next start
 * does not adopt them as leftovers of ours. Runs on: whoever holds the engine's lock.
 */
final class Strangers {
    private static final Logger log = LoggerFactory.getLogger(Strangers.class);
    private static final String FILE = "ipvs-foreign";

    /** A dump may show what is being changed at that very moment; nothing is removed on the word of one. */
    private static final int SIGHTINGS_UNTIL_REMOVED = 2;

    private final ForeignServices policy;
    private final Path file;

    /** Those of earlier rounds, by their text, with the number of rounds that saw them. */
    private final Map<String, Integer> known = new HashMap<>();

    private final Set<String> seen = new HashSet<>();
    private boolean adopting = true;

    /** @throws IOException the folder cannot be read */
    Strangers(ForeignServices policy, Path directory) throws IOException {
        this.policy = policy;
        this.file = directory.resolve(FILE);
        remembered(directory).forEach(name -> known.put(name, 1));
    }

    /** Those that a folder remembers, for who only looks. */
    static Set<String> remembered(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.exists(file) ? Set.copyOf(Files.readAllLines(file, UTF_8)) : Set.of();
    }

    /** Whether a service that nobody wants, and that we do not remember to have made, is to be treated as ours. */
    boolean mayTake(ServiceId id) {
        String name = id.toString();
        if (adopting && !known.containsKey(name)) {
            return true;
        }
        seen.add(name);
        return policy == ForeignServices.REMOVE && known.getOrDefault(name, 0) + 1 >= SIGHTINGS_UNTIL_REMOVED;
    }

    /** After the whole table was looked at: forgets those that have gone, and keeps the rest on disk. */
    void endRound() throws IOException {
        adopting = false;
        boolean changed = !known.keySet().equals(seen);
        known.keySet().retainAll(seen);
        for (String name : seen) {
            if (known.merge(name, 1, Integer::sum) == 1) {
                log.warn("the IPVS service {} at an address of ours is not ours: {}", name, consequence());
            }
        }
        seen.clear();
        if (changed) {
            OwnershipJournal.replace(file, known.keySet().stream().sorted().toList());
        }
    }

    private String consequence() {
        return policy == ForeignServices.REMOVE
                ? "it is removed if the next audit finds it too"
                : "it stays; remove it by hand, or start with --ipvs-foreign remove";
    }

    Stream<Problem> problems() {
        return List.copyOf(known.keySet()).stream()
                .map(name -> new Problem(
                        "foreign-service",
                        "IPVS service " + name,
                        "lies at an address of ours, and l4lb did not make it: " + consequence()));
    }
}
