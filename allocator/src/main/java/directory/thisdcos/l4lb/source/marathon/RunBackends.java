package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.Exclusion.Reason;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.VipLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the backends of one app or pod: one address for a port on the host, else one for each address of the task. */
final class RunBackends {

    private static final String NO_ADDRESS = "no-address";

    /** So many problems are listed of one app; one cause has often struck all its tasks. */
    private static final int MAX_PROBLEMS = 100;

    private record Reached(Endpoint address, Optional<Endpoint> container) {}

    private final String source;
    private final RunSpec.Spec spec;
    private final HostAddresses hosts;
    private final DeclarationBuilder out;
    private int problems;

    RunBackends(String source, RunSpec.Spec spec, HostAddresses hosts, DeclarationBuilder out) {
        this.source = source;
        this.spec = spec;
        this.hosts = hosts;
        this.out = out;
    }

    void add(RunTask task) {
        Optional<Ip> host = task.isBackend() ? hosts.resolve(task.host()) : Optional.empty();
        host.ifPresent(out::addNode);
        for (AppPort port : spec.ports()) {
            if (port.group().equals(task.group())) {
                add(task, port, host);
            }
        }
    }

    private void add(RunTask task, AppPort port, Optional<Ip> host) {
        if (!task.isBackend()) {
            boolean unreachable = task.state() == TaskState.UNREACHABLE;
            exclude(
                    task,
                    port,
                    unreachable ? Reason.AGENT_UNREACHABLE : Reason.NOT_RUNNING,
                    unreachable
                            ? "its agent " + task.host() + " is unreachable"
                            : task.state() == TaskState.OVER ? "it is over" : "it does not run yet");
            return;
        }
        List<Reached> reached = port.isOnHost() ? onHost(task, port, host) : inContainer(task, port);
        for (VipLabel vip : port.vips()) {
            addTo(vip, task, port, reached);
        }
    }

    private void addTo(VipLabel vip, RunTask task, AppPort port, List<Reached> reached) {
        boolean added = false;
        Health health = task.health(spec.checks() > 0);
        for (Reached way : reached) {
            if (fits(vip, way.address.ip())) {
                out.add(
                        vip.key(),
                        new Backend(
                                way.address,
                                way.container,
                                health.eligible() ? vip.options().weight() : 0,
                                health,
                                task.host(),
                                task.zone(),
                                port.name(),
                                task.id(),
                                source));
                added = true;
            }
        }
        if (!added && !reached.isEmpty()) {
            String detail = "it has no address of the family of " + vip.key().vip();
            out.exclude(new Exclusion(
                    Optional.of(vip.key()), spec.owner(), task.id(), port.title(), Reason.NO_ADDRESS, detail));
            report(NO_ADDRESS, task.place(), "task " + task.id() + ": " + detail + "; it is no backend of it");
        }
    }

    /** A name gets an address of either family; a fixed VIP has the one it was given. */
    private static boolean fits(VipLabel vip, Ip backend) {
        return !(vip.key().target() instanceof FixedAddress fixed) || fixed.ip().family() == backend.family();
    }

    private List<Reached> onHost(RunTask task, AppPort port, Optional<Ip> host) {
        OptionalInt listed = task.port(port.hostIndex().orElse(0));
        OptionalInt number = listed.isPresent() ? listed : port.hostPort();
        if (number.isEmpty()) {
            exclude(task, port, Reason.NO_PORT, "it lists no host port for " + port.place());
            report(
                    "no-port",
                    task.place() + ".ports",
                    "task " + task.id() + " lists no host port for " + port.place()
                            + "; it is no backend of that port");
            return List.of();
        }
        if (host.isEmpty()) {
            unresolved(task, port);
            return List.of();
        }
        return List.of(new Reached(
                new Endpoint(host.get(), number.getAsInt()), container(task, port, host.get(), number.getAsInt())));
    }

    private void unresolved(RunTask task, AppPort port) {
        if (!hosts.isSettled(task.host())) {
            exclude(task, port, Reason.NO_ADDRESS, "its host " + task.host() + " is being resolved");
            return;
        }
        String detail = "'" + task.host() + "' is no IP address and cannot be resolved";
        exclude(task, port, Reason.NO_ADDRESS, "its host " + detail);
        report("unresolved-host", task.place() + ".host", detail + "; task " + task.id() + " is left out until it can");
    }

    private Optional<Endpoint> container(RunTask task, AppPort port, Ip host, int hostPort) {
        if (port.containerPort().isEmpty() || spec.dockerEngine()) {
            return Optional.empty();
        }
        // Container port 0 means the same number as on the host.
        int number = port.containerPort().getAsInt() == 0
                ? hostPort
                : port.containerPort().getAsInt();
        return task.ips().stream()
                .filter(ip -> ip.family() == host.family() && !ip.equals(host))
                .findFirst()
                .map(ip -> new Endpoint(ip, number));
    }

    private List<Reached> inContainer(RunTask task, AppPort port) {
        int number = port.containerPort().orElse(0);
        if (number == 0) {
            exclude(task, port, Reason.NO_PORT, "the port has neither a containerPort nor a hostPort");
            report("no-port", port.place(), "has neither a containerPort nor a hostPort, so it has no backends");
            return List.of();
        }
        if (task.ips().isEmpty()) {
            exclude(task, port, Reason.NO_ADDRESS, "it has no address of its own yet");
            report(
                    NO_ADDRESS,
                    task.place() + ".ipAddresses",
                    "task " + task.id() + " has no address of its own yet; it is left out");
            return List.of();
        }
        List<Reached> reached = new ArrayList<>();
        task.ips().forEach(ip -> reached.add(new Reached(new Endpoint(ip, number), Optional.empty())));
        return reached;
    }

    private void exclude(RunTask task, AppPort port, Reason reason, String detail) {
        port.vips()
                .forEach(vip -> out.exclude(
                        new Exclusion(Optional.of(vip.key()), spec.owner(), task.id(), port.title(), reason, detail)));
    }

    private void report(String kind, String path, String message) {
        if (problems++ < MAX_PROBLEMS) {
            out.report(new Problem(kind, spec.subject(path), message));
        }
    }
}
