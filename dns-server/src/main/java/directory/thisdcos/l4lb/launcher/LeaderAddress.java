package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a leader publishes of itself: the URL of its admin API, and for an address that means another machine elsewhere,
 * which machine it is: {@code http://127.0.0.1:62080#BOOT-ID}.
 */
final class LeaderAddress {
    /** Linux: Documentation/admin-guide/sysctl/kernel.rst, another one after each boot. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private LeaderAddress() {}

    /** @param scheme {@code http} or {@code https} */
    static String publish(String scheme, Endpoint admin) {
        return scheme + "://" + admin + (isLocal(admin.ip().toInetAddress()) ? "#" + machine() : "");
    }

    /** Where a leader is reached from here; empty for this process itself, and for a loopback of another machine. */
    static Optional<URI> reach(String published, String own) {
        if (published.equals(own)) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(published);
            String machine = uri.getFragment();
            return machine == null || machine.equals(machine())
                    ? Optional.of(URI.create(published.replaceFirst("#.*", "")))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    private static String machine() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "unknown-machine";
        }
    }
}
