package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.source.VipLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A port of a task, put together from all places that mention it.
 *
 * @param name the discovery port's name; empty if it has none
 * @param containerPort its number at the task's own addresses
 * @param hostPort its number at the agent's address
 */
record TaskPort(Protocol protocol, String name, OptionalInt containerPort, OptionalInt hostPort, List<VipLabel> vips) {

    TaskPort {
        vips = vips.stream().distinct().toList();
    }

    /** What people call it: its name, or its number. */
    String shown() {
        OptionalInt number = hostPort.isPresent() ? hostPort : containerPort;
        return name.isEmpty() && number.isPresent() ? Integer.toString(number.getAsInt()) : name;
    }

    /** Whether both mean one port: same protocol, and the same number on one of the sides. */
    private boolean meets(TaskPort other) {
        return protocol == other.protocol
                && (same(containerPort, other.containerPort) || same(hostPort, other.hostPort));
    }

    private static boolean same(OptionalInt one, OptionalInt other) {
        return one.isPresent() && one.equals(other);
    }

    private TaskPort merged(TaskPort other) {
        List<VipLabel> all = new ArrayList<>(vips);
        all.addAll(other.vips);
        return new TaskPort(
                protocol,
                name.isEmpty() ? other.name : name,
                containerPort.isPresent() ? containerPort : other.containerPort,
                hostPort.isPresent() ? hostPort : other.hostPort,
                all);
    }

    /** Merges each port into the first that it meets; what stands earlier keeps its numbers. */
    static List<TaskPort> merge(List<TaskPort> ports) {
        List<TaskPort> merged = new ArrayList<>();
        for (TaskPort port : ports) {
            int i = 0;
            while (i < merged.size() && !merged.get(i).meets(port)) {
                i++;
            }
            if (i < merged.size()) {
                merged.set(i, merged.get(i).merged(port));
            } else {
                merged.add(port);
            }
        }
        return List.copyOf(merged);
    }
}
