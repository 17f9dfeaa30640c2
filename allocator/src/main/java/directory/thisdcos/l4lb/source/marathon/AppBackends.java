package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.VipLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the backends of one app: one address for a port on the host, else one for each address of the task. */
final class AppBackends {

    private static final String NO_ADDRESS = "no-address";

    private record Reached(Endpoint address, Optional<Endpoint> container) {}

    private final String source;
    private final List<AppPort> ports;
    private final DeclarationBuilder out;

    AppBackends(String source, List<AppPort> ports, DeclarationBuilder out) {
        this.source = source;
        this.ports = ports;
        this.out = out;
    }

    void add(AppTask task, AppPorts app) {
        for (AppPort port : ports) {
            List<Reached> reached = port.isOnHost() ? onHost(task, port, app) : inContainer(task, port);
            for (VipLabel vip : port.vips()) {
                addTo(vip, task, port, reached);
            }
        }
    }

    private void addTo(VipLabel vip, AppTask task, AppPort port, List<Reached> reached) {
        boolean added = false;
        for (Reached way : reached) {
            if (fits(vip, way.address.ip())) {
                out.add(
                        vip.key(),
                        new Backend(
                                way.address,
                                way.container,
                                task.health().eligible() ? 1 : 0,
                                task.health(),
                                task.host(),
                                port.name(),
                                task.id(),
                                source));
                added = true;
            }
        }
        if (!added && !reached.isEmpty()) {
            task.place()
                    .fault(
                            NO_ADDRESS,
                            "task " + task.id() + " has no address of the family of "
                                    + vip.key().vip() + "; it is no backend of it");
        }
    }

    /** A name gets an address of either family; a fixed VIP has the one it was given. */
    private static boolean fits(VipLabel vip, Ip backend) {
        return !(vip.key().target() instanceof FixedAddress fixed) || fixed.ip().family() == backend.family();
    }

    private List<Reached> onHost(AppTask task, AppPort port, AppPorts app) {
        OptionalInt number = hostPort(task, port);
        if (number.isEmpty()) {
            task.place()
                    .get("ports")
                    .fault(
                            "no-port",
                            "task " + task.id() + " lists no host port for "
                                    + port.place().path() + "; it is no backend of that port");
            return List.of();
        }
        if (task.hostIp().isEmpty()) {
            task.place()
                    .get("host")
                    .fault(
                            "unresolved-host",
                            "'" + task.host() + "' is no IP address and cannot be resolved; task " + task.id()
                                    + " is left out until it can");
            return List.of();
        }
        Ip host = task.hostIp().get();
        return List.of(new Reached(
                new Endpoint(host, number.getAsInt()), container(task, port, host, number.getAsInt(), app)));
    }

    private static OptionalInt hostPort(AppTask task, AppPort port) {
        OptionalInt listed = task.port(port.hostIndex().orElse(0));
        return listed.isPresent() ? listed : port.hostPort();
    }

    private static Optional<Endpoint> container(AppTask task, AppPort port, Ip host, int hostPort, AppPorts app) {
        if (port.containerPort().isEmpty() || app.network().dockerEngine()) {
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

    private static List<Reached> inContainer(AppTask task, AppPort port) {
        int number = port.containerPort().orElse(0);
        if (number == 0) {
            port.place().fault("no-port", "has neither a containerPort nor a hostPort, so it has no backends");
            return List.of();
        }
        if (task.ips().isEmpty()) {
            task.place()
                    .get("ipAddresses")
                    .fault(NO_ADDRESS, "task " + task.id() + " has no address of its own yet; it is left out");
            return List.of();
        }
        List<Reached> reached = new ArrayList<>();
        task.ips().forEach(ip -> reached.add(new Reached(new Endpoint(ip, number), Optional.empty())));
        return reached;
    }
}
