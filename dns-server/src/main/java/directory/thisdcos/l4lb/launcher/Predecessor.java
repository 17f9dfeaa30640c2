package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that holds the data folder which we want.
 *
 * <pre>
 *   its DNS   ───────────────────┐ drains, ends
 *   our DNS        ├─ table file ┴──────────────────▶
 *                  bind          SIGTERM, then the lock, the kernel, ZooKeeper
 * </pre>
 */
final class Predecessor {
    private static final Logger log = LoggerFactory.getLogger(Predecessor.class);
    private static final long PATIENCE_SECONDS = 30;

    /** In the data folder while one process takes another's place: who takes it. */
    private static final String SUCCESSOR = "successor";

    private Predecessor() {}

    /**
     * Takes its place if there is one: serves the table of the data folder beside it, and then ends it. Its kernel table
     * stays as it is, so what DNS shows meanwhile is served.
     *
     * @return the DNS server that answers already; empty if there was nobody, or no table yet
     */
    static Optional<DnsServer> relieve(Settings settings, Context context) throws StartException {
        NodeRole role = settings.node().filter(NodeRole::takeOver).orElse(null);
        Path data = settings.data().toAbsolutePath().normalize();
        ProcessHandle process = role == null ? null : DataFolder.holder(data).orElse(null);
        if (role == null || process == null) {
            return Optional.empty();
        }
        Optional<DnsServer> dns = Optional.empty();
        Optional<TableFile.Loaded> table = new TableFile(DataFolder.table(data)).load();
        if (table.isPresent()) {
            DnsServer server = NodePart.makeDns(role, context);
            server.publish(table.get().state(), Set.of());
            NodePart.bind(server::startBesideAnother);
            dns = Optional.of(server);
        }
        log.info("taking over from process {}", process.pid());
        Path successor = data.resolve(SUCCESSOR);
        try {
            Files.writeString(successor, Long.toString(ProcessHandle.current().pid()));
            end(process);
            Files.deleteIfExists(successor);
        } catch (IOException e) {
            throw new StartException("--take-over: " + successor + " cannot be written: " + Reasons.of(e), e);
        }
        return dns;
    }

    /** Who takes our place, when we are asked to stop for that; empty if nobody does. */
    static OptionalLong successor(Path data) {
        Path file = data.toAbsolutePath().normalize().resolve(SUCCESSOR);
        try {
            long pid = Long.parseLong(Files.readString(file).strip());
            // A file that a successor left which failed, or that is our own.
            boolean isThere = pid != ProcessHandle.current().pid()
                    && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
            return isThere ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static void end(ProcessHandle process) throws StartException {
        String told = "--take-over: process " + process.pid() + ", which holds the data folder, ";
        if (!process.destroy()) {
            throw new StartException(told + "cannot be asked to stop; run this as the same user, or stop it by hand");
        }
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new StartException(told + "has not stopped within " + PATIENCE_SECONDS + " s; stop it by hand", e);
        } catch (ExecutionException | CompletionException | CancellationException e) {
            throw new StartException(told + "cannot be waited for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException(told + "was still stopping when this start was interrupted", e);
        }
    }
}
