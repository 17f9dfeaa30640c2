package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a node needs and what takes long, begun while the settings are still read: on a machine with a second processor the
 * first answer comes a third of a second sooner.
 *
 * <pre>
 *   main     options ─────────▶ sockets ──▶ kernel ──▶ answers
 *   preload  logging ─┬▶ C library ─┘            │
 *   table             └▶ read ──▶ zones ─────────┘
 * </pre>
 */
final class Preload {
    private static final Set<String> SERVING = Set.of("node", "standalone");
    private static final String DATA = "--data";

    private static volatile Optional<Table> begun = Optional.empty();

    /**
     * What was found in a folder before it was ours.
     *
     * @param zones of that table, or none if there was none
     */
    record Table(
            Path folder, CompletableFuture<Optional<TableFile.Loaded>> loaded, CompletableFuture<DynamicZones> zones) {
        static Table of(Path folder, CompletableFuture<Optional<TableFile.Loaded>> loaded) {
            return new Table(folder, loaded, loaded.thenApply(Table::zones));
        }

        private static DynamicZones zones(Optional<TableFile.Loaded> loaded) {
            DynamicZones zones = new DynamicZones(List.of());
            loaded.ifPresent(table -> zones.update(table.state(), Set.of()));
            return zones;
        }
    }

    private Preload() {}

    /** Begins it where the arguments are those of a command that serves. */
    static void begin(Map<String, String> environment, String... arguments) {
        if (arguments.length == 0 || !SERVING.contains(arguments[0])) {
            return;
        }
        CompletableFuture<Void> logging = CompletableFuture.runAsync(Logging::load);
        var unusedCalls = logging.thenRunAsync(DnsServer::preload);
        Path folder = DataFolder.table(guess(environment, arguments));
        begun = Optional.of(Table.of(folder, logging.thenApplyAsync(done -> new TableFile(folder).load())));
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

    /** What was found in a folder at the start; nothing if it was not the one looked in. */
    static Table table(Path folder) {
        return begun.filter(table -> table.folder().equals(folder))
                .orElseGet(() -> Table.of(folder, CompletableFuture.completedFuture(Optional.empty())));
    }
}
