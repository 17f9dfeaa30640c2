package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The DNS server alone with one thread: {@code DnsOnly PORT NAMES [CHANGES_PER_SECOND]} serves {@code svc0.marathon} and
 * so on. With changes, a service comes or goes that often, and at its end it prints how long they took to be answers. The system properties {@code upstream} (an address with its
 * port) and {@code zones} (a folder) make it forward and serve zones of files as well.
 */
public final class DnsOnly {
    private static final Ip FIRST = Ip.of("11.0.0.1");

    private DnsOnly() {}

    private static List<Change> service(int index) {
        ServiceName name = new ServiceName("svc" + index + ".marathon." + ServiceName.ZONE);
        return List.of(
                new Change.AllocationPut(new Allocation(
                        name, FIRST.plus(index), Optional.empty(), Allocation.Status.ALLOCATED, 0, "/svc")),
                new Change.ServicePut(
                        new ServiceKey(name, Protocol.TCP, 80), new ServiceSpec(Scheduler.WLC, List.of(), 0)));
    }

    private static State apply(State state, List<Change> changes) {
        return state.apply(new Batch(1, state.seq() + 1, 0, changes));
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int names = Integer.parseInt(arguments[1]);
        int changesPerSecond = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        PrometheusRegistry registry = new PrometheusRegistry();
        DnsSettings defaults = DnsSettings.of(
                List.of(new Endpoint(Ip.of("127.0.0.1"), port)),
                Optional.ofNullable(System.getProperty("upstream")).map(Endpoint::parse).stream()
                        .toList(),
                Optional.ofNullable(System.getProperty("zones")).map(Path::of));
        DnsSettings settings = new DnsSettings(
                defaults.listen(),
                defaults.forward(),
                defaults.authority(),
                defaults.recursionClients(),
                defaults.serverId(),
                1);
        DnsServer server = new DnsServer(settings, registry, new ProblemBoard(registry, InstantSource.system()));
        server.start();
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.PoolsPut(Pools.DEFAULT));
        for (int i = 0; i < names; i++) {
            changes.addAll(service(i));
        }
        State state = apply(State.EMPTY, changes);
        server.publish(state, Set.of());
        System.out.println("ready");
        if (changesPerSecond > 0) {
            change(server, state, names, TimeUnit.SECONDS.toNanos(1) / changesPerSecond);
        }
        LockSupport.park();
    }

    /** Publishes a change in each interval, for ever. What a change takes counts from when it was due. */
    private static void change(DnsServer server, State first, int names, long interval) {
        ChangeTimes times = new ChangeTimes();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(times)));
        State state = first;
        long due = System.nanoTime();
        for (int turn = 0; true; turn++) {
            due += interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            ServiceName name = new ServiceName("extra" + turn / 2 + ".marathon." + ServiceName.ZONE);
            Change change = new Change.AllocationPut(new Allocation(
                    name,
                    FIRST.plus(names + turn / 2 % 100_000),
                    Optional.empty(),
                    Allocation.Status.ALLOCATED,
                    0,
                    "/extra"));
            state = apply(state, turn % 2 == 0 ? List.of(change) : List.of(new Change.AllocationRemoved(name)));
            server.publish(state, Set.of());
            times.add(System.nanoTime() - due);
        }
    }
}
