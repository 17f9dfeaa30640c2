package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Kernel settings (Documentation/networking/ipvs-sysctl.rst). Loading the module anew resets them, so every audit looks.
 *
 * <ul>
 *   <li>vs.conntrack=1: without it the masquerade rule never matches connections of IPVS, and fails silently.
 *   <li>vs.expire_nodest_conn=1: a connection whose server was removed ends with a reset instead of hanging.
 *   <li>vs.expire_quiescent_template=1: a client that persists leaves a server of weight 0 with its next connection.
 *   <li>ip_forward is the host's own decision: only reported.
 * </ul>
 */
final class Sysctls {
    private static final List<String> SET_TO_ONE =
            List.of("net/ipv4/vs/conntrack", "net/ipv4/vs/expire_nodest_conn", "net/ipv4/vs/expire_quiescent_template");
    private static final String FORWARD = "net/ipv4/ip_forward";

    /** Subject of what is said about forwarding. */
    static final String FORWARDING = name(FORWARD);

    private final Path root;
    private final IpvsMetrics metrics;
    private List<Problem> problems = List.of();

    Sysctls(Path root, IpvsMetrics metrics) {
        this.root = root;
        this.metrics = metrics;
    }

    int repair() {
        List<Problem> found = new ArrayList<>();
        int changed = 0;
        for (String key : SET_TO_ONE) {
            try {
                if (!read(key).equals("1")) {
                    metrics.writes(1);
                    Files.writeString(root.resolve(key), "1\n", US_ASCII);
                    changed++;
                }
            } catch (IOException e) {
                found.add(new Problem("sysctl", name(key), "cannot be set to 1: " + e));
            }
        }
        try {
            if (read(FORWARD).equals("0")) {
                found.add(new Problem(
                        "sysctl",
                        FORWARDING,
                        "is 0: containers and other hosts cannot use virtual addresses through this host;"
                                + " run: sysctl -w net.ipv4.ip_forward=1"));
            }
        } catch (IOException e) {
            found.add(new Problem("sysctl", FORWARDING, "cannot be read: " + e));
        }
        problems = List.copyOf(found);
        return changed;
    }

    private String read(String key) throws IOException {
        return Files.readString(root.resolve(key), US_ASCII).strip();
    }

    private static String name(String key) {
        return "sysctl " + key.replace('/', '.');
    }

    List<Problem> problems() {
        return problems;
    }
}
