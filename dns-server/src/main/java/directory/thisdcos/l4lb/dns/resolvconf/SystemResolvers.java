package directory.thisdcos.l4lb.dns.resolvconf;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the resolvers of a machine that asks us: those of the file from before us if there is one, without ourselves. The
 * stub of systemd-resolved would ask us again, so the resolvers that it has from the network take its place.
 */
public final class SystemResolvers {
    private static final Set<Ip> RESOLVED_STUBS = Set.of(Ip.of("127.0.0.53"), Ip.of("127.0.0.54"));
    private static final Path RESOLVED_UPLINKS = Path.of("/run/systemd/resolve/resolv.conf");

    private final Path file;
    private final Path uplinks;
    private final Predicate<Ip> isOurs;

    /** @param isOurs whether we listen on an address ourselves */
    public SystemResolvers(Path file, Predicate<Ip> isOurs) {
        this(file, RESOLVED_UPLINKS, isOurs);
    }

    SystemResolvers(Path file, Path uplinks, Predicate<Ip> isOurs) {
        this.file = file;
        this.uplinks = uplinks;
        this.isOurs = isOurs;
    }

    /** The resolvers now, in order; none if the file names only ourselves. */
    public List<Ip> read() throws IOException {
        List<Ip> found = new ArrayList<>();
        for (Ip ip : ResolvConf.read(source()).nameservers()) {
            if (RESOLVED_STUBS.contains(ip)) {
                ResolvConf.read(uplinks).nameservers().forEach(uplink -> add(uplink, found));
            } else {
                add(ip, found);
            }
        }
        return found;
    }

    private void add(Ip ip, List<Ip> found) {
        if (!RESOLVED_STUBS.contains(ip) && !isOurs.test(ip) && !found.contains(ip)) {
            found.add(ip);
        }
    }

    /** The file that is read: the one that we have put aside if the file is ours now, or else the file itself. */
    private Path source() throws IOException {
        return Installer.isOurs(file) ? Installer.asideOf(file) : file;
    }
}
