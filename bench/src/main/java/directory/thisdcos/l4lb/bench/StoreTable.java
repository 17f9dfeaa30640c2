package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes that make a table as a cluster of many apps does, with names, tasks and nodes that differ. */
final class StoreTable {
    private static final Ip POOL = Ip.of("11.0.0.0");
    private static final Ip NODES = Ip.of("10.0.0.0");

    private StoreTable() {}

    /** A name gets its address. */
    static Change allocation(int number) {
        return new Change.AllocationPut(new Allocation(
                name(number),
                POOL.plus(number),
                Optional.empty(),
                Allocation.Status.ALLOCATED,
                1_700_000_000_000L + number,
                "/team-" + number % 50 + "/app-" + number));
    }

    private static ServiceName name(int number) {
        return new ServiceName("app-" + number + "team-" + number % 50 + ".marathon." + ServiceName.ZONE);
    }

    private static ServiceKey key(int number) {
        return new ServiceKey(name(number), Protocol.TCP, 8080);
    }

    /** Everything of the names {@code from} to {@code to} - 1. */
    static List<Change> changes(int from, int to, int backends) {
        List<Change> changes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Origin origin = new Origin(
                    "marathon:http://m1:8080", "marathon", "/team-" + i % 50 + "/app-" + i, "/app-" + i + ":8080");
            changes.add(allocation(i));
            changes.add(new Change.ServicePut(
                    key(i), new ServiceSpec(Scheduler.WLC, List.of(origin), 1_700_000_000_000L + i)));
            for (int b = 0; b < backends; b++) {
                changes.add(new Change.BackendPut(key(i), backend(i, b, 1)));
            }
        }
        return changes;
    }

    /** One backend of a name changes its weight. */
    static Change weight(int number, int weight) {
        return new Change.BackendPut(key(number), backend(number, 0, weight));
    }

    private static Backend backend(int name, int number, int weight) {
        int node = (name * 31 + number * 7_919) % 10_000;
        Ip ip = NODES.plus(node);
        return new Backend(
                new Endpoint(ip, 1_025 + (name * 13 + number * 101) % 60_000),
                Optional.empty(),
                weight,
                Health.HEALTHY,
                ip.toString(),
                "http",
                "app-" + name + ".instance-" + Integer.toHexString(name * 7_919 + number) + "." + number,
                "marathon:http://m1:8080");
    }
}
