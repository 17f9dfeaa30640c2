package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadlines of drains on disk, so that a restart does not begin them anew. One per line, protocol, service, server and
 * deadline: {@code tcp 11.0.0.1:80 10.1.0.2:8080 2026-01-31T12:00:00Z}, for a firewall mark {@code fwmark4 17 10.1.0.2:0 …}
 * or {@code fwmark6 …}; a line that cannot be read is skipped.
 */
final class DrainFile {
    private static final Logger log = LoggerFactory.getLogger(DrainFile.class);
    private static final String FILE = "ipvs-drains";
    private static final int WORDS = 4;

    private final Path file;
    private final InstantSource clock;

    DrainFile(Path directory, InstantSource clock) {
        this.file = directory.resolve(FILE);
        this.clock = clock;
    }

    /** The time that is left to each, at most {@code limit}: the wall clock may have been set. */
    Map<DestinationKey, Duration> load(Duration limit) throws IOException {
        Map<DestinationKey, Duration> left = new HashMap<>();
        if (!Files.exists(file)) {
            return left;
        }
        for (String line : Files.readAllLines(file, UTF_8)) {
            String[] words = line.strip().split(" ", -1);
            try {
                if (words.length != WORDS) {
                    throw new IllegalArgumentException("not " + WORDS + " words");
                }
                Duration rest = Duration.between(clock.instant(), Instant.parse(words[3]));
                Duration bounded = rest.isNegative() ? Duration.ZERO : rest.compareTo(limit) > 0 ? limit : rest;
                left.put(
                        new DestinationKey(ServiceId.parse(words[0] + " " + words[1]), Endpoint.parse(words[2])),
                        bounded);
            } catch (IllegalArgumentException | DateTimeException e) {
                log.warn("{}: skipped '{}': {}", file, line, e.getMessage());
            }
        }
        return left;
    }

    void save(Map<DestinationKey, Duration> left) throws IOException {
        Instant now = clock.instant();
        List<String> lines = left.entrySet().stream()
                .map(drain -> line(drain.getKey(), now.plus(drain.getValue())))
                .sorted()
                .toList();
        OwnershipJournal.replace(file, lines);
    }

    private static String line(DestinationKey key, Instant deadline) {
        return key.service().words() + " " + key.server() + " " + deadline;
    }
}
