package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The kernel inside the lab, with ipvsadm, ip and nft as witnesses. */
final class Lab {
    private Lab() {}

    /** Runs a shell script and returns what it printed; a failure fails the test. */
    static String sh(String script) {
        try {
            Process process = new ProcessBuilder("/bin/bash", "-ec", script)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), () -> script + "\n" + output);
            return output;
        } catch (IOException e) {
            throw new AssertionError(script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As if nobody had ever used it. */
    static void clean() {
        sh("""
                modprobe ip_vs; modprobe ip_vs_rr
                ipvsadm -C; ipvsadm --set 900 120 300
                ipvsadm --stop-daemon master 2>/dev/null || true; ipvsadm --stop-daemon backup 2>/dev/null || true
                nft flush ruleset; rmmod xt_ipvs 2>/dev/null || true
                ip route flush table local proto 76
                ip -6 route flush table local proto 76
                sysctl -qw net.ipv4.vs.conntrack=0 net.ipv4.vs.expire_nodest_conn=0
                sysctl -qw net.ipv4.vs.expire_quiescent_template=0 net.ipv4.ip_forward=1
                """);
    }

    /** An engine that audits only when asked, and removes at once. */
    static IpvsSync open(Path directory, IpvsMode mode) throws IpvsException, IOException {
        return open(directory, mode, Duration.ZERO);
    }

    static IpvsSync open(Path directory, IpvsMode mode, Duration drainLimit) throws IpvsException, IOException {
        return open(settings(directory, mode).withDrainLimit(drainLimit));
    }

    /** One with settings of its own. */
    static IpvsSync open(IpvsSettings settings) throws IpvsException, IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        return IpvsSync.open(settings, registry, new ProblemBoard(registry, InstantSource.system()));
    }

    /** Audits only when asked. */
    static IpvsSettings settings(Path directory, IpvsMode mode) {
        return IpvsSettings.of(mode, directory)
                .withAuditInterval(Duration.ofHours(1))
                .withDrainLimit(Duration.ZERO);
    }

    /** One whose problems and metrics a test looks at. */
    static IpvsSync open(Path directory, ProblemBoard problems, PrometheusRegistry registry)
            throws IpvsException, IOException {
        return IpvsSync.open(settings(directory, IpvsMode.ON), registry, problems);
    }

    static String sorted(String text) {
        return text.lines().map(String::strip).sorted().collect(Collectors.joining("\n"));
    }

    /** What ipvsadm says of the kernel, line by line in order. */
    static String ipvsadm() {
        return sorted(sh("ipvsadm -Sn"));
    }

    static Map<ServiceId, ServiceEntry> desired(State state) {
        return DesiredTable.of(state, new HostView(List.of(), Set.of(), true)).services();
    }

    /** A line for the reader of the log: what was proven, and by which witness. */
    static void witness(String text) {
        System.out.println("witness: " + text);
    }
}
