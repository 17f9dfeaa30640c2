package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a node needs and what takes long, begun while the settings are still read: on a machine with a second processor the
 * first answer comes a third of a second sooner.
 *
 * <pre>
 *   main     options ────────────▶ sockets ──▶ kernel ──▶ answers
 *   preload  logging ─┬▶ C library ──┘            │
 *   table             └▶ read ──────▶ zones ──────┘
 * </pre>
 */
final class Preload {
    private static final Set<String> SERVING = Set.of("node", "standalone");
    private static final String DATA = "--data";

    private static volatile Table begun = new Table(Path.of(""), CompletableFuture.completedFuture(Optional.empty()));

    private record Table(Path folder, CompletableFuture<Optional<TableFile.Loaded>> loaded) {}

    private Preload() {}

    /** Begins it where the arguments are those of a command that serves. */
    static void begin(Map<String, String> environment, String... arguments) {
        if (arguments.length == 0 || !SERVING.contains(arguments[0])) {
            return;
        }
        CompletableFuture<Void> logging = CompletableFuture.runAsync(Logging::load);
        var unusedCalls = logging.thenRunAsync(DnsServer::preload);
        Path folder = DataFolder.table(guess(environment, arguments));
        begun = new Table(folder, logging.thenApplyAsync(done -> new TableFile(folder).load()));
    }

    /** Where the data is if no file says otherwise. */
    private static Path guess(Map<String, String> environment, String... arguments) {
        String guess = environment.getOrDefault("L4LB_DATA", DataFolders.INSTALLED.toString());
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].startsWith(DATA + "=")) {
                guess = arguments[i].substring(DATA.length() + 1);
            } else if (arguments[i - 1].equals(DATA)) {
                guess = arguments[i];
            }
        }
        return Path.of(guess);
    }

    /** The table that was found in a folder at the start, before it was ours; empty if it was not the one looked in. */
    static CompletableFuture<Optional<TableFile.Loaded>> table(Path folder) {
        Table table = begun;
        return table.folder().equals(folder) ? table.loaded() : CompletableFuture.completedFuture(Optional.empty());
    }
}
