package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.nftables.NftablesSocket;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of this host's kernel exactly what is ours: the services that the journal of the data folder covers and the
 * sentinels, our routes, our nftables table. Sysctls stay: others may rely on them by now. No engine may run beside it.
 */
public final class IpvsFlush implements AutoCloseable {
    private final Availability.Access access;
    private final OwnershipJournal journal;
    private final DrainFile drains;
    private final NftablesSocket nft;

    private IpvsFlush(Availability.Access access, OwnershipJournal journal, DrainFile drains, NftablesSocket nft) {
        this.access = access;
        this.journal = journal;
        this.drains = drains;
        this.nft = nft;
    }

    /**
     * @param directory where the engine remembers what it owns
     * @param timeout the longest wait for one answer of the kernel
     * @throws IpvsException it cannot work here, or an engine runs
     */
    public static IpvsFlush open(Path directory, Duration timeout) throws IpvsException, IOException {
        Availability.Access access = Availability.open(timeout, new IpvsMetrics(new PrometheusRegistry()));
        try {
            return new IpvsFlush(
                    access,
                    OwnershipJournal.open(directory),
                    new DrainFile(directory, InstantSource.system()),
                    NftablesSocket.of(timeout));
        } catch (IOException e) {
            close(access);
            throw e;
        }
    }

    /** What is ours in the kernel now, one line each: services as ipvsadm writes them, routes, the nftables table. */
    public List<String> find() throws IOException {
        List<String> lines = new ArrayList<>();
        services()
                .forEach((id, entry) -> lines.add(IpvsadmText.of(new IpvsOp.AddService(entry.service())) + " ("
                        + entry.destinations().size() + " destinations)"));
        lines.sort(null);
        for (Prefix prefix : access.routes().present()) {
            lines.add("local route " + prefix);
        }
        if (nft.read(GuardTable.NAME).table().isPresent()) {
            lines.add("nftables table inet " + GuardTable.NAME);
        }
        return lines;
    }

    /** Removes all that {@link #find} shows. Connections through it end: first their addresses are no longer here. */
    public void remove() throws IOException {
        access.routes().removeAllBut(Set.of());
        Map<ServiceId, ServiceEntry> ours = services();
        int[] errors = access.table()
                .execute(ours.keySet().stream()
                        .<IpvsOp>map(IpvsOp.RemoveService::new)
                        .toList());
        if (nft.read(GuardTable.NAME).table().isPresent()) {
            nft.delete(GuardTable.NAME);
        }
        for (int errno : errors) {
            if (errno != 0) {
                throw new NetlinkException(errno, "removing a service");
            }
        }
        journal.clear();
        drains.save(new HashMap<DestinationKey, Duration>());
    }

    private Map<ServiceId, ServiceEntry> services() throws NetlinkException {
        Map<ServiceId, ServiceEntry> all = access.table().read();
        all.keySet().removeIf(id -> !journal.owns(id));
        return all;
    }

    @Override
    public void close() {
        nft.close();
        close(access);
    }

    private static void close(Availability.Access access) {
        access.table().close();
        access.routes().close();
        access.lock().close();
    }
}
