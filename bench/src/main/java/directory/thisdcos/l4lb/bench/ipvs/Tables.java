package directory.thisdcos.l4lb.bench.ipvs;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables of any size, and single changes of them. */
final class Tables {
    static final int BACKENDS = 5;
    private static final Ip POOL = Ip.of("11.0.0.1");
    private static final Ip NODES = Ip.of("10.1.0.2");

    private Tables() {}

    static State empty() {
        return State.EMPTY.fold(List.of(new Change.PoolsPut(Pools.DEFAULT)));
    }

    static State of(int services) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            changes.add(new Change.AllocationPut(new Allocation(
                    name(i), POOL.plus(i), Optional.empty(), Allocation.Status.ALLOCATED, 0, "/app-" + i)));
            changes.add(new Change.ServicePut(key(i), new ServiceSpec(Scheduler.WLC, List.of(), 0)));
            for (int b = 0; b < BACKENDS; b++) {
                changes.add(new Change.BackendPut(key(i), backend(b, 1)));
            }
        }
        return empty().fold(changes);
    }

    /** One backend more, or without it again. */
    static State withBackend(State state, int service, boolean there) {
        return state.fold(List.of(
                there
                        ? new Change.BackendPut(key(service), backend(BACKENDS, 1))
                        : new Change.BackendRemoved(
                                key(service), backend(BACKENDS, 1).address())));
    }

    private static ServiceName name(int number) {
        return new ServiceName("app-" + number + ".marathon." + ServiceName.ZONE);
    }

    private static ServiceKey key(int number) {
        return new ServiceKey(name(number), Protocol.TCP, 80);
    }

    private static Backend backend(int number, int weight) {
        return new Backend(
                new Endpoint(NODES.plus(number), 8080),
                Optional.empty(),
                weight,
                Health.UNCHECKED,
                "",
                "",
                "task-" + number,
                "bench");
    }
}
