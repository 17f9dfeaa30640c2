package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.NamespaceLock;
import directory.thisdcos.l4lb.netlink.nftables.NftablesSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether this process programs the kernel, and puts together what that takes. */
final class EngineStart {
    private static final Logger log = LoggerFactory.getLogger(EngineStart.class);
    private static final Path IPV6 = Path.of("/proc/thread-self/net/if_inet6");

    /**
     * What was started.
     *
     * @param mode never AUTO
     * @param reason why it is not ON, one sentence; empty if it is
     * @param engine in mode ON
     */
    record Started(IpvsMode mode, String reason, Optional<Engine> engine, Optional<NamespaceLock> lock) {
        private static Started without(IpvsMode mode, String reason) {
            return new Started(mode, reason, Optional.empty(), Optional.empty());
        }
    }

    private EngineStart() {}

    static boolean hasIpv6() {
        return Files.exists(IPV6);
    }

    /**
     * @throws IpvsException mode ON, and it cannot work here
     * @throws IOException the settings' directory cannot be used
     */
    static Started start(IpvsSettings settings, IpvsMetrics metrics) throws IpvsException, IOException {
        if (settings.mode() == IpvsMode.OFF || settings.mode() == IpvsMode.PLAN) {
            String reason = "data plane off: mode " + (settings.mode() == IpvsMode.OFF ? "off" : "plan");
            return Started.without(settings.mode(), reason);
        }
        Availability.Access access;
        try {
            access = Availability.open(settings.kernelTimeout(), metrics);
        } catch (IpvsException e) {
            String reason = "data plane off: " + e.getMessage();
            if (settings.mode() == IpvsMode.ON) {
                throw new IpvsException(reason, e);
            }
            log.info("{}; the plan is shown instead", reason);
            return Started.without(IpvsMode.PLAN, reason);
        }
        return new Started(IpvsMode.ON, "", Optional.of(engine(settings, metrics, access)), Optional.of(access.lock()));
    }

    private static Engine engine(IpvsSettings settings, IpvsMetrics metrics, Availability.Access access)
            throws IOException {
        try {
            OwnershipJournal journal = OwnershipJournal.open(settings.directory());
            DataPath path = new HostDataPath(
                    access.routes(),
                    new Firewall(NftablesSocket.of(settings.kernelTimeout()), metrics),
                    new Sysctls(Path.of("/proc/sys"), metrics));
            DrainFile drains = new DrainFile(settings.directory(), InstantSource.system());
            return new Engine(access.table(), path, journal, drains, metrics, settings, hasIpv6());
        } catch (IOException e) {
            access.table().close();
            access.routes().close();
            access.lock().close();
            throw e;
        }
    }
}
