package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.VipLabel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** From a task and its agent to declarations. */
final class TaskBackends {

    /** Where a port is reached, or why it is not. */
    private sealed interface Reach {
        record Ways(List<Way> ways) implements Reach {}

        record None(Exclusion.Reason reason, String detail) implements Reach {}
    }

    private record Way(Endpoint address, Optional<Endpoint> container) {}

    private final String source;
    private final HostAddresses hosts;
    private final DeclarationBuilder out;

    TaskBackends(String source, HostAddresses hosts, DeclarationBuilder out) {
        this.source = source;
        this.hosts = hosts;
        this.out = out;
    }

    /**
     * Declares the task's services, and the task as their backend if it runs where it can be reached.
     *
     * @param agent empty if it is not known
     * @param agentLost whether the master cannot reach the task's agent, whatever the task's own state says
     */
    void add(MesosTask task, Optional<MesosAgent> agent, boolean agentLost) {
        task.excluded().forEach(out::exclude);
        for (TaskPort port : task.ports()) {
            for (VipLabel vip : port.vips()) {
                out.declare(vip.key(), vip.origin(source, task.framework(), task.owner()));
            }
            if (!port.vips().isEmpty()) {
                addPort(task, port, agent, agentLost);
            }
        }
    }

    private void addPort(MesosTask task, TaskPort port, Optional<MesosAgent> agent, boolean agentLost) {
        if (agentLost || task.state().equals(MesosTask.UNREACHABLE)) {
            String name = agent.map(MesosAgent::host).orElse(task.agentId());
            excludeAll(task, port, Exclusion.Reason.AGENT_UNREACHABLE, "the master cannot reach agent '" + name + "'");
        } else if (task.health().isEmpty()) {
            String state = task.state().isEmpty() ? "it has no state yet" : "its state is " + task.state();
            excludeAll(task, port, Exclusion.Reason.NOT_RUNNING, state);
        } else {
            addBackends(task, task.health().get(), port, agent);
        }
    }

    private void addBackends(MesosTask task, Health health, TaskPort port, Optional<MesosAgent> agent) {
        Reach reach = reach(task, port, agent);
        if (reach instanceof Reach.None none) {
            excludeAll(task, port, none.reason(), none.detail());
            return;
        }
        for (VipLabel vip : port.vips()) {
            boolean fits = false;
            for (Way way : ((Reach.Ways) reach).ways()) {
                if (fits(vip, way.address.ip())) {
                    fits = true;
                    out.add(vip.key(), backend(task, health, vip.options().weight(), port, agent, way));
                }
            }
            if (!fits) {
                String detail =
                        "it has no address of the family of " + vip.key().vip();
                noAddress(task, detail);
                exclude(task, port, vip, Exclusion.Reason.NO_ADDRESS, detail);
            }
        }
    }

    private Backend backend(
            MesosTask task, Health health, int weight, TaskPort port, Optional<MesosAgent> agent, Way way) {
        return new Backend(
                way.address,
                way.container,
                health.eligible() ? weight : 0,
                health,
                agent.map(MesosAgent::host).orElse(""),
                agent.map(MesosAgent::zone).orElse(""),
                port.name(),
                task.id(),
                source);
    }

    private static boolean fits(VipLabel vip, Ip backend) {
        return !(vip.key().target() instanceof FixedAddress fixed) || fixed.ip().family() == backend.family();
    }

    private Reach reach(MesosTask task, TaskPort port, Optional<MesosAgent> agent) {
        OptionalInt number = port.containerPort();
        if (port.hostPort().isPresent()) {
            return atHost(task, port.hostPort().getAsInt(), number, agent);
        }
        if (number.orElse(0) == 0) {
            return new Reach.None(Exclusion.Reason.NO_PORT, "the port has no number");
        }
        if (task.ips().isEmpty()) {
            noAddress(task, "it has no address of its own");
            return new Reach.None(Exclusion.Reason.NO_ADDRESS, "it has no address of its own");
        }
        return new Reach.Ways(task.ips().stream()
                .map(ip -> new Way(new Endpoint(ip, number.getAsInt()), Optional.empty()))
                .toList());
    }

    private Reach atHost(MesosTask task, int hostPort, OptionalInt number, Optional<MesosAgent> agent) {
        if (hostPort == 0) {
            return new Reach.None(Exclusion.Reason.NO_PORT, "its host port is 0");
        }
        Optional<Ip> host = agent.flatMap(known -> known.address(hosts));
        if (host.isEmpty()) {
            String detail =
                    "the address of agent '" + agent.map(MesosAgent::host).orElse(task.agentId()) + "' is unknown";
            task.place().fault("unresolved-host", detail + "; task " + task.id() + " is left out");
            return new Reach.None(Exclusion.Reason.NO_ADDRESS, detail);
        }
        return new Reach.Ways(
                List.of(new Way(new Endpoint(host.get(), hostPort), container(task, number, host.get()))));
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

    private void excludeAll(MesosTask task, TaskPort port, Exclusion.Reason reason, String detail) {
        port.vips().forEach(vip -> exclude(task, port, vip, reason, detail));
    }

    private void exclude(MesosTask task, TaskPort port, VipLabel vip, Exclusion.Reason reason, String detail) {
        out.exclude(new Exclusion(Optional.of(vip.key()), task.owner(), task.id(), port.shown(), reason, detail));
    }

    private static void noAddress(MesosTask task, String reason) {
        task.place().fault("no-address", "task " + task.id() + ": " + reason + "; it is left out");
    }
}
