package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.VipLabel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** From a task and its agent to declarations. */
final class TaskBackends {

    private record Reached(Endpoint address, Optional<Endpoint> container) {}

    private final String source;
    private final DeclarationBuilder out;

    TaskBackends(String source, DeclarationBuilder out) {
        this.source = source;
        this.out = out;
    }

    /** Declares the task's services, and the task as their backend if it runs. */
    void add(MesosTask task, Optional<MesosAgent> agent) {
        for (TaskPort port : task.ports()) {
            if (port.vips().isEmpty()) {
                continue;
            }
            for (VipLabel vip : port.vips()) {
                out.declare(vip.key(), new Origin(source, task.framework(), task.owner(), vip.value()));
            }
            task.health().ifPresent(health -> addBackends(task, health, port, agent));
        }
    }

    private void addBackends(MesosTask task, Health health, TaskPort port, Optional<MesosAgent> agent) {
        List<Reached> reached = reached(task, port, agent);
        String node = agent.map(MesosAgent::host).orElse("");
        for (VipLabel vip : port.vips()) {
            List<Reached> fitting =
                    reached.stream().filter(way -> fits(vip, way.address.ip())).toList();
            for (Reached way : fitting) {
                out.add(
                        vip.key(),
                        new Backend(
                                way.address,
                                way.container,
                                health.eligible() ? 1 : 0,
                                health,
                                node,
                                port.name(),
                                task.id(),
                                source));
            }
            if (fitting.isEmpty() && !reached.isEmpty()) {
                noAddress(task, "has no address of the family of " + vip.key().vip());
            }
        }
    }

    private static boolean fits(VipLabel vip, Ip backend) {
        return !(vip.key().target() instanceof FixedAddress fixed) || fixed.ip().family() == backend.family();
    }

    private static List<Reached> reached(MesosTask task, TaskPort port, Optional<MesosAgent> agent) {
        OptionalInt number = port.containerPort();
        if (port.hostPort().isPresent()) {
            Optional<Ip> host = agent.flatMap(MesosAgent::ip);
            if (host.isEmpty()) {
                String name = agent.map(MesosAgent::host).orElse(task.agentId());
                task.place()
                        .fault(
                                "unresolved-host",
                                "the address of agent '" + name + "' is unknown; task " + task.id() + " is left out");
                return List.of();
            }
            return List.of(new Reached(
                    new Endpoint(host.get(), port.hostPort().getAsInt()), container(task, number, host.get())));
        }
        if (task.ips().isEmpty()) {
            noAddress(task, "has no address of its own");
            return List.of();
        }
        return task.ips().stream()
                .map(ip -> new Reached(new Endpoint(ip, number.orElseThrow()), Optional.empty()))
                .toList();
    }

    /** What the Docker daemon runs stays behind the host port: a container could not reach its own VIP otherwise. */
    private static Optional<Endpoint> container(MesosTask task, OptionalInt number, Ip host) {
        if (number.isEmpty() || number.getAsInt() == 0 || task.dockerEngine()) {
            return Optional.empty();
        }
        return task.ips().stream()
                .filter(ip -> ip.family() == host.family() && !ip.equals(host))
                .findFirst()
                .map(ip -> new Endpoint(ip, number.getAsInt()));
    }

    private static void noAddress(MesosTask task, String reason) {
        task.place().fault("no-address", "task " + task.id() + " " + reason + "; it is left out");
    }
}
