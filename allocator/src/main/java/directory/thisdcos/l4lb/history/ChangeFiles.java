package directory.thisdcos.l4lb.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest changes as JSON lines, in a folder of files of at most some MiB, of which the oldest goes. A process that is
 * killed leaves at most one line that is not whole; it is cut off at the next start. One thread appends, any may read.
 */
final class ChangeFiles {
    private static final Logger log = LoggerFactory.getLogger(ChangeFiles.class);
    private static final Pattern NAME = Pattern.compile("changes-([0-9]{10,18})\\.jsonl");
    private static final JsonMapper JSON = new JsonMapper();

    private static final int BEFORE_ID = "{\"id\":".length();

    private final Path dir;
    private final int maxFileBytes;
    private final int maxFiles;

    /** Of the file that is appended to. */
    private long number;

    private long length;

    /**
     * @param maxFileBytes after which the next file begins
     * @param maxFiles which are kept
     */
    ChangeFiles(Path dir, int maxFileBytes, int maxFiles) {
        this.dir = dir;
        this.maxFileBytes = maxFileBytes;
        this.maxFiles = maxFiles;
    }

    /** The newest change, for what follows it; cuts off what a killed process left of a line. */
    Optional<TableChange> open() throws IOException {
        Files.createDirectories(dir);
        NavigableMap<Long, Path> files = files();
        number = files.isEmpty() ? 1 : files.lastKey();
        length = files.isEmpty() ? 0 : mend(file(number));
        return newest("", Long.MAX_VALUE, 1).stream().findFirst();
    }

    private static long mend(Path file) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        int whole = lineEnd(octets, octets.length);
        if (whole < octets.length) {
            log.warn("{}: the last line is not whole and is cut off ({} octets)", file, octets.length - whole);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        return whole;
    }

    /** Writes all or none of them, unless the process or the machine ends meanwhile. */
    void append(List<TableChange> changes) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (TableChange change : changes) {
            lines.write(line(change));
        }
        if (length > 0 && length + lines.size() > maxFileBytes) {
            number++;
            length = 0;
            deleteOldest();
        }
        try (FileChannel channel =
                FileChannel.open(file(number), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            try {
                ByteBuffer octets = ByteBuffer.wrap(lines.toByteArray());
                channel.position(length);
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
            } catch (IOException e) {
                // A full disk takes the beginning of what is written.
                channel.truncate(length);
                throw e;
            }
            length = channel.position();
        }
    }

    private Path file(long of) {
        return dir.resolve(String.format(Locale.ROOT, "changes-%010d.jsonl", of));
    }

    private void deleteOldest() throws IOException {
        for (Path file : files().headMap(number - maxFiles, true).values()) {
            Files.deleteIfExists(file);
        }
    }

    private NavigableMap<Long, Path> files() throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    files.put(Long.parseLong(name.group(1)), entry);
                }
            }
        }
        return files;
    }

    /**
     * The newest changes, the newest first.
     *
     * @param target which they are of; empty for all
     * @param before the id which theirs are smaller than
     */
    List<TableChange> newest(String target, long before, int limit) throws IOException {
        List<TableChange> found = new ArrayList<>();
        for (Path file : files().descendingMap().values()) {
            read(file, target, before, limit, found);
        }
        return found;
    }

    private static void read(Path file, String target, long before, int limit, List<TableChange> found)
            throws IOException {
        if (found.size() == limit) {
            return;
        }
        // As it stands in a line: most lines need not be parsed to see that they are of others.
        byte[] sign =
                target.isEmpty() ? new byte[0] : ("\"target\":\"" + target + "\"").getBytes(StandardCharsets.UTF_8);
        byte[] octets = octets(file);
        int end = lineEnd(octets, octets.length);
        while (end > 0 && found.size() < limit) {
            int start = lineEnd(octets, end - 1);
            if (id(octets, start, end) < before && contains(octets, start, end, sign)) {
                parse(new String(octets, start, end - start, StandardCharsets.UTF_8), file)
                        .filter(change -> change.id() < before)
                        .ifPresent(found::add);
            }
            end = start;
        }
    }

    private static byte[] octets(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // It was the oldest, and a new one has begun.
            return new byte[0];
        }
    }

    /** Where the last line before {@code from} ends, after its line feed; 0 if there is none. */
    private static int lineEnd(byte[] octets, int from) {
        int end = from;
        while (end > 0 && octets[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** As it stands at the beginning of a line, so that those which are too new need not be parsed; 0 if it does not. */
    private static long id(byte[] octets, int start, int end) {
        long id = 0;
        for (int at = start + BEFORE_ID; at < end && octets[at] >= '0' && octets[at] <= '9'; at++) {
            id = id * 10 + octets[at] - '0';
        }
        return id;
    }

    private static boolean contains(byte[] octets, int start, int end, byte[] sign) {
        for (int at = start; at + sign.length <= end; at++) {
            if (Arrays.equals(octets, at, at + sign.length, sign, 0, sign.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] line(TableChange change) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", change.id());
        line.put("at", change.at().toString());
        line.put("table", change.table());
        line.put("target", change.target());
        line.put("text", change.text());
        line.put("who", change.who());
        line.put("why", change.why());
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<TableChange> parse(String text, Path file) {
        try {
            JsonNode line = JSON.readTree(text);
            return Optional.of(new TableChange(
                    line.path("id").asLong(),
                    Instant.parse(line.path("at").asText()),
                    line.path("table").asLong(),
                    line.path("target").asText(),
                    line.path("text").asText(),
                    line.path("who").asText(),
                    line.path("why").asText()));
        } catch (IOException | DateTimeException e) {
            log.warn("{}: a line is passed over: {}", file, e.getMessage());
            return Optional.empty();
        }
    }
}
