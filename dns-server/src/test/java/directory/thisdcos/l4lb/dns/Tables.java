package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes states for tests. */
public final class Tables {
    private Tables() {}

    public static ServiceName name(String prefix) {
        return new ServiceName(prefix + "." + ServiceName.ZONE);
    }

    public static Change allocation(String prefix, String v4, String v6) {
        return new Change.AllocationPut(new Allocation(
                name(prefix),
                Ip.of(v4),
                v6.isEmpty() ? Optional.empty() : Optional.of(Ip.of(v6)),
                Allocation.Status.ALLOCATED,
                0,
                "/test"));
    }

    public static ServiceKey key(String prefix, int port) {
        return new ServiceKey(name(prefix), Protocol.TCP, port);
    }

    public static Change service(String prefix, int port) {
        return new Change.ServicePut(key(prefix, port), new ServiceSpec(Scheduler.WLC, List.of(), 0));
    }

    /** A healthy backend with a named port. */
    public static Backend backend(String ip, int port, String portName) {
        return new Backend(
                new Endpoint(Ip.of(ip), port), Optional.empty(), 1, Health.HEALTHY, "", portName, "task", "test");
    }

    /** The next state after a batch with these changes. */
    public static State apply(State state, List<Change> changes) {
        return state.apply(new Batch(1, state.seq() + 1, 0, changes));
    }

    /** {@code web.marathon} with an IPv4 address and {@code six.marathon} with both. */
    public static State small() {
        return apply(
                State.EMPTY,
                List.of(
                        allocation("web.marathon", "11.0.0.1", ""),
                        service("web.marathon", 80),
                        allocation("six.marathon", "11.0.0.2", "fd01:c::2"),
                        service("six.marathon", 443)));
    }

    /** {@code svc0.marathon} and so on. */
    public static State large(int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(allocation(
                    "svc" + i + ".marathon", Ip.of("11.0.0.0").plus(i).toString(), ""));
            changes.add(service("svc" + i + ".marathon", 80));
        }
        return apply(State.EMPTY, changes);
    }
}
