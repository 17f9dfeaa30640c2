package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of tokens: lines {@code ROLE NAME sha256:HEX}, and comments after {@code #}. Read again when it changes; one that
 * cannot be read leaves the tokens before in force, and is reported. From any thread.
 *
 * <p>A plain hash is enough because {@code l4lb token} makes tokens of 256 random bits: there is nothing to guess.
 */
final class Tokens {
    private static final Logger log = LoggerFactory.getLogger(Tokens.class);
    private static final String REPORTER = "admin-tokens";
    private static final String HASH = "sha256:";
    private static final int FIELDS = 3;

    private record Stamp(FileTime modified, long size) {}

    private final Path file;
    private final ProblemBoard problems;
    private Stamp stamp;
    private Map<String, Caller> callers;

    /** @throws IOException with one line that names the file, and the line, if it cannot be used */
    Tokens(Path file, ProblemBoard problems) throws IOException {
        this.file = file;
        this.problems = problems;
        this.stamp = look();
        this.callers = read();
    }

    synchronized Optional<Caller> find(String token) {
        refresh();
        return Optional.ofNullable(callers.get(hash(token)));
    }

    private void refresh() {
        try {
            Stamp now = look();
            if (now.equals(stamp)) {
                return;
            }
            stamp = now;
            callers = read();
            log.info("admin tokens read again file={} tokens={}", file, callers.size());
            problems.report(REPORTER, List.of());
        } catch (IOException e) {
            problems.report(
                    REPORTER,
                    List.of(new Problem(
                            "admin-tokens", file.toString(), e.getMessage() + "; the tokens before stay in force")));
        }
    }

    private Stamp look() throws IOException {
        try {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        } catch (IOException e) {
            throw new IOException("the token file " + file + " cannot be read", e);
        }
    }

    private Map<String, Caller> read() throws IOException {
        Map<String, Caller> found = new HashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                String[] fields = line.split("\\s+", -1);
                Role role = fields.length == FIELDS ? Role.parse(fields[0]).orElse(null) : null;
                // The line itself is not shown: somebody may have written a token into it.
                if (role == null || !fields[2].matches(HASH + "[0-9a-f]{64}")) {
                    throw new IOException(
                            "the token file " + file + ", line " + (i + 1)
                                    + ": write ROLE NAME sha256:HEX with the role read, write or admin, as `l4lb token` prints");
                }
                found.put(fields[2].substring(HASH.length()), new Caller(fields[1], role));
            }
        }
        return found;
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
