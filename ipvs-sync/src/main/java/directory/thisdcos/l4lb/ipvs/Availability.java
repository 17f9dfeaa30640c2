package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NamespaceLock;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Whether this process may and can write to this kernel's IPVS table; if not, the reason in one sentence. */
final class Availability {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String CAPABILITIES = "CapEff:";

    /** CAP_NET_ADMIN (include/uapi/linux/capability.h). */
    private static final int CAP_NET_ADMIN = 12;

    /** Taken once per network namespace. */
    private static final String LOCK = "l4lb-ipvs-writer";

    private Availability() {}

    /** Everything that writing needs, held until closed. */
    record Access(NetlinkIpvs table, LocalRoutes routes, NamespaceLock lock) {}

    static Access open(Duration timeout, IpvsMetrics metrics) throws IpvsException {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            throw new IpvsException("needs Linux");
        }
        if (!hasNetAdmin()) {
            throw new IpvsException("needs CAP_NET_ADMIN (run as root)");
        }
        NetlinkIpvs table = openTable(timeout);
        try {
            NamespaceLock lock = NamespaceLock.take(LOCK)
                    .orElseThrow(() -> new IpvsException(
                            "another l4lb process already writes the IPVS table of this network namespace"));
            try {
                return new Access(table, LocalRoutes.open(timeout, metrics), lock);
            } catch (NetlinkException e) {
                lock.close();
                throw e;
            }
        } catch (NetlinkException e) {
            table.close();
            throw new IpvsException("netlink does not work here: " + e.getMessage(), e);
        } catch (IpvsException e) {
            table.close();
            throw e;
        }
    }

    private static NetlinkIpvs openTable(Duration timeout) throws IpvsException {
        try {
            return NetlinkIpvs.open(timeout);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.EPERM) {
                throw new IpvsException(
                        "needs CAP_NET_ADMIN in the initial user namespace (run as root outside of a user namespace)",
                        e);
            }
            throw new IpvsException(
                    e.errno() == Errno.ENOENT
                            ? "this kernel has no ip_vs module"
                            : "this kernel has no ip_vs (" + e.getMessage() + ")",
                    e);
        } catch (LinkageError e) {
            throw new IpvsException("the C library cannot be called on this machine: " + e.getMessage(), e);
        }
    }

    private static boolean hasNetAdmin() {
        try {
            Optional<String> line = Files.readAllLines(STATUS, US_ASCII).stream()
                    .filter(text -> text.startsWith(CAPABILITIES))
                    .findFirst();
            // Where it cannot be told, the kernel's own answer will tell.
            return line.map(text -> text.substring(CAPABILITIES.length()).strip())
                    .map(hex -> (Long.parseUnsignedLong(hex, 16) >>> CAP_NET_ADMIN & 1) == 1)
                    .orElse(true);
        } catch (IOException | NumberFormatException e) {
            return true;
        }
    }
}
