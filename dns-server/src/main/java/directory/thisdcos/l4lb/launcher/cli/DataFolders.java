package directory.thisdcos.l4lb.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the program keeps its data if nobody says otherwise. */
public final class DataFolders {
    /** In the current folder, of {@code standalone}. */
    public static final Path STANDALONE = Path.of("l4lb-data");

    /** Of {@code node} and {@code allocator}. */
    public static final Path INSTALLED = Path.of("/var/lib/l4lb");

    private DataFolders() {}

    /** That of the program of this machine, for a command that looks at it from outside. */
    public static Path existing(@Nullable Path said) {
        if (said != null) {
            return said;
        }
        return Files.isDirectory(STANDALONE) ? STANDALONE : INSTALLED;
    }
}
