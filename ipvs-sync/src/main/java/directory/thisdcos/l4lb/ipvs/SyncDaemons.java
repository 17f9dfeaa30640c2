package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.List;

/** Keeps the connection-sync daemons of the settings in the kernel; one for a role that is not set is left alone. */
final class SyncDaemons {
    private final IpvsTable table;
    private final List<SyncDaemon> wanted;
    private final IpvsMetrics metrics;
    private List<Problem> problems = List.of();

    SyncDaemons(IpvsTable table, List<SyncDaemon> wanted, IpvsMetrics metrics) {
        this.table = table;
        this.wanted = List.copyOf(wanted);
        this.metrics = metrics;
    }

    /** Starts what is missing and restarts what is otherwise; returns how many that were. */
    int repair() throws NetlinkException {
        if (wanted.isEmpty()) {
            return 0;
        }
        List<SyncDaemon> running = table.daemons();
        List<Problem> found = new ArrayList<>();
        int repaired = 0;
        for (SyncDaemon daemon : wanted) {
            if (running.contains(daemon)) {
                continue;
            }
            for (SyncDaemon other : running) {
                if (other.role() == daemon.role()) {
                    metrics.writes(1);
                    table.stop(other);
                }
            }
            metrics.writes(1);
            int errno = table.start(daemon);
            if (errno == 0) {
                repaired++;
            } else {
                metrics.error(errno);
                found.add(new Problem("sync-daemon", "connection sync " + daemon, explain(errno)));
            }
        }
        problems = List.copyOf(found);
        return repaired;
    }

    private static String explain(int errno) {
        return switch (errno) {
            case Errno.ENODEV -> "there is no such interface; correct --ipvs-sync-daemon";
            case Errno.EINVAL -> "the kernel takes none while a service has servers of the other family in a tunnel";
            default -> "the kernel refused it: " + Errno.name(errno);
        };
    }

    List<Problem> problems() {
        return problems;
    }
}
