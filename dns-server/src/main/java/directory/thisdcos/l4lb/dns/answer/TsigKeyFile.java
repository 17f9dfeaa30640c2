package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The keys of a file, read again when it changes. It is looked at when a key is needed, once in a second at most; a file
 * that cannot be read is reported, and the keys before it stay in force. Safe for every thread.
 */
public final class TsigKeyFile implements Supplier<TsigKeys> {
    private static final String REPORTER = "dns-tsig-keys";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final ProblemBoard problems;
    private FileTime modified;
    private TsigKeys keys;
    private long lookedAt = System.nanoTime();

    /** @throws IOException with one line that names file and line */
    public TsigKeyFile(Path file, ProblemBoard problems) throws IOException {
        this.file = file;
        this.problems = problems;
        this.modified = Files.getLastModifiedTime(file);
        this.keys = TsigKeys.read(file);
    }

    @Override
    public synchronized TsigKeys get() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            look();
        }
        return keys;
    }

    private void look() {
        try {
            FileTime present = Files.getLastModifiedTime(file);
            if (!present.equals(modified)) {
                keys = TsigKeys.read(file);
                modified = present;
            }
            problems.report(REPORTER, List.of());
        } catch (IOException e) {
            problems.report(
                    REPORTER,
                    List.of(new Problem("tsig-keys", file.toString(), e.getMessage() + "; the keys before it stay")));
        }
    }
}
