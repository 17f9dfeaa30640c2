package directory.thisdcos.l4lb.launcher.cli;

import directory.thisdcos.l4lb.ipvs.KernelCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether this kernel can do what the node asks of it. Reads files only. */
final class KernelChecks {
    private static final int CAP_NET_BIND_SERVICE = 10;
    private static final int CAP_NET_ADMIN = 12;
    private static final double FULL = 0.8;
    private static final String IPVS_SETTINGS = "proc/sys/net/ipv4/vs";
    private static final int IPVS_HEADING_LINES = 3;

    private final Path root;

    /** @param root the file system's; another one in tests */
    KernelChecks(Path root) {
        this.root = root;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(module("ip_vs", Files.exists(root.resolve("proc/net/ip_vs")), "no connection is balanced"));
        findings.add(module("nf_tables", false, "ports of virtual addresses that are no service are not guarded"));
        findings.add(module("nf_conntrack", false, "connections through NAT are not tracked"));
        findings.addAll(privileges());
        findings.add(forwarding());
        connections().ifPresent(findings::add);
        estimation().ifPresent(findings::add);
        findings.addAll(neighbours());
        return findings;
    }

    private Finding module(String name, boolean seen, String otherwise) {
        String check = "module " + name;
        if (seen || Files.isDirectory(root.resolve("sys/module").resolve(name))) {
            return Finding.ok(check, "loaded");
        }
        String release = read("proc/sys/kernel/osrelease").orElse("unknown");
        Path modules = Path.of("lib/modules").resolve(release);
        String file = "/" + name + ".ko";
        if (read(modules + "/modules.builtin").orElse("").contains(file)) {
            return Finding.ok(check, "built in");
        }
        if (read(modules + "/modules.dep").orElse("").contains(file)) {
            return Finding.warning(
                    check,
                    "not loaded; until it is, " + otherwise,
                    "modprobe " + name + ", and name it in /etc/modules-load.d/l4lb.conf");
        }
        return Finding.failure(
                check,
                "this kernel (" + release + ") has none; " + otherwise,
                "install the distribution's full kernel image, or run with --ipvs off");
    }

    private List<Finding> privileges() {
        long effective = read("proc/self/status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElse(0);
        return List.of(
                capability(effective, CAP_NET_ADMIN, "CAP_NET_ADMIN", "the kernel's table cannot be written"),
                capability(effective, CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE", "DNS cannot listen on port 53"));
    }

    private static Finding capability(long effective, int bit, String name, String otherwise) {
        String check = "privilege " + name;
        return (effective >> bit & 1) == 1
                ? Finding.ok(check, "held")
                : Finding.warning(
                        check,
                        "this user has it not; run as this user, " + otherwise,
                        "start it by its systemd unit, or as root");
    }

    private Finding forwarding() {
        String check = "sysctl net.ipv4.ip_forward";
        return read("proc/sys/net/ipv4/ip_forward").orElse("").equals("1")
                ? Finding.ok(check, "1")
                : Finding.warning(
                        check,
                        "0: containers and other hosts cannot use virtual addresses through this host",
                        "sysctl -w net.ipv4.ip_forward=1, and write it into /etc/sysctl.d");
    }

    private Optional<Finding> connections() {
        Optional<Double> count = number("proc/sys/net/netfilter/nf_conntrack_count");
        Optional<Double> max = number("proc/sys/net/netfilter/nf_conntrack_max");
        if (count.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }
        String detail = count.get().longValue() + " of " + max.get().longValue() + " connections";
        return Optional.of(
                count.get() < FULL * max.get()
                        ? Finding.ok("conntrack table", detail)
                        : Finding.warning(
                                "conntrack table",
                                detail + "; when it is full, new connections are dropped",
                                "sysctl -w net.netfilter.nf_conntrack_max="
                                        + (max.get().longValue() * 2)));
    }

    /** Kernels from 6.2 on have threads for it, and with them this setting. */
    private Optional<Finding> estimation() {
        if (!Files.isDirectory(root.resolve(IPVS_SETTINGS))
                || Files.exists(root.resolve(IPVS_SETTINGS + "/est_nice"))) {
            return Optional.empty();
        }
        long entries = read("proc/net/ip_vs")
                .map(text -> text.lines().filter(line -> !line.isBlank()).count() - IPVS_HEADING_LINES)
                .orElse(0L);
        boolean runs = !read(IPVS_SETTINGS + "/run_estimation").orElse("1").equals("0");
        String check = "sysctl net.ipv4.vs.run_estimation";
        return Optional.of(
                !runs || entries <= KernelCost.MANY_ESTIMATED
                        ? Finding.ok(check, runs ? "1" : "0")
                        : Finding.warning(
                                check,
                                "1: this kernel adds up the counters of " + entries + " services and servers at once"
                                        + " every two seconds, and packets wait meanwhile",
                                "start the node with --ipvs-estimation off, or use Linux 6.2"));
    }

    private List<Finding> neighbours() {
        List<Finding> found = new ArrayList<>();
        if (Files.exists(root.resolve("sys/class/net/minuteman"))) {
            found.add(Finding.warning(
                    "dcos-net",
                    "its interface minuteman is here",
                    "stop dcos-net before a node starts; when l4lb serves: ip link del minuteman"));
        }
        if (Files.exists(root.resolve("sys/class/net/kube-ipvs0"))) {
            found.add(Finding.warning(
                    "kube-proxy",
                    "it uses IPVS here; each leaves the other's services alone as long as their addresses differ",
                    "keep --pool apart from the cluster's service addresses"));
        }
        return found;
    }

    private Optional<Double> number(String file) {
        return read(file).filter(text -> text.matches("[0-9]{1,12}")).map(Double::valueOf);
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
