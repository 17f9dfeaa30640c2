package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.local.LocalWeights;
import directory.thisdcos.l4lb.local.Place;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Locality;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nearness, checks and slow start, with connections through a real kernel. */
@Tag("kernel")
class LocalWeightsKernelTest {
    private static final ServiceKey WEB = new ServiceKey(States.name("web"), Protocol.TCP, 80);
    private static final Place HERE = Place.of(Set.of("me"), Map.of("zone", "a"));

    @TempDir
    private Path directory;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final LocalWeights weights = new LocalWeights(HERE, registry, problems);

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    @AfterEach
    void close() {
        weights.close();
    }

    private IpvsSync open() throws Exception {
        IpvsSync sync = IpvsSync.open(
                Lab.settings(directory, IpvsMode.ON).withLocalView(weights::view), new PrometheusRegistry(), problems);
        weights.start(sync::touch);
        return sync;
    }

    private void apply(IpvsSync sync, State state) {
        weights.observe(state);
        assertEquals(Set.of(), sync.apply(state));
    }

    /** Backends '1', '2' and '3' of wrr, the first in zone a, the others in zone b. */
    private static States service(Care care, int... numbers) {
        States states = new States().name("web", "11.0.0.1");
        states.service(
                States.name("web"),
                Protocol.TCP,
                80,
                Balancing.of(Scheduler.WRR).withCare(care));
        for (int number : numbers) {
            Backend backend = States.backend("10.1.0." + (number + 1) + ":8080", 1);
            states.with(new Change.BackendPut(WEB, backend.withZone(number == 1 ? "/a/" : "/b/")));
        }
        return states;
    }

    /** Which servers answered so many connections, one after the other. */
    private static Map<Character, Integer> answers(int connections) throws Exception {
        Map<Character, Integer> answers = new TreeMap<>();
        for (int i = 0; i < connections; i++) {
            answers.merge(Client.ask("cl", "11.0.0.1", 80), 1, Integer::sum);
        }
        return answers;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not in time: " + what + "\n" + Lab.ipvsadm());
        }
    }

    private static String server(int number, int weight) {
        return "-r 10.1.0." + (number + 1) + ":8080 -m -w " + weight + "\n";
    }

    @Test
    void theNearestServeAndWhenTheyFailTheOthersDo() throws Exception {
        Care care = new Care(Optional.of(new Check(Check.Kind.TCP, "", 1_000, 1_000, 2, 3)), 0, Locality.ZONE);
        LabNet net = LabNet.make(3);
        try (IpvsSync sync = open()) {
            apply(sync, service(care, 1, 2, 3).build());
            assertEquals(Map.of('1', 30), answers(30), "the one in this zone");
            Lab.sh("ip link set v1 down");
            await(
                    "it fails its check",
                    () -> Lab.ipvsadm().contains(server(1, 0)) && Lab.ipvsadm().contains(server(2, 1)));
            assertEquals(Map.of('2', 15, '3', 15), answers(30), "none refused: the others serve");
            assertTrue(
                    problems.entries().toString().contains("fails this node's check (tcp)"),
                    problems.entries()::toString);
            Lab.sh("ip link set v1 up");
            await(
                    "it is back",
                    () -> Lab.ipvsadm().contains(server(1, 1)) && Lab.ipvsadm().contains(server(2, 0)));
            assertEquals(Map.of('1', 30), answers(30));
            Lab.witness("locality zone: 30 of 30 near; near one cut: 15 and 15 of 30 far, none refused; back: 30 near");
        } finally {
            net.close();
        }
    }

    @Test
    void whenAllFailTheirCheckAllServe() throws Exception {
        Care care = new Care(Optional.of(new Check(Check.Kind.HTTP, "/", 1_000, 1_000, 2, 3)), 0, Locality.NONE);
        LabNet net = LabNet.make(3);
        try (IpvsSync sync = open()) {
            apply(sync, service(care, 1, 2, 3).build());
            // The echo servers speak no HTTP: a wrong check.
            await("the panic", () -> problems.entries().toString().contains("backends fail their checks"));
            Map<Character, Integer> answers = answers(30);
            assertEquals(Map.of('1', 10, '2', 10, '3', 10), answers);
            Lab.witness("all fail a wrong check: " + answers + " of 30, none refused");
        } finally {
            net.close();
        }
    }

    @Test
    void aNewServerGetsItsShareSlowly() throws Exception {
        Care care = new Care(Optional.empty(), 100, Locality.NONE);
        LabNet net = LabNet.make(3);
        try (IpvsSync sync = open()) {
            apply(sync, service(care, 2, 3).build());
            assertTrue(Lab.ipvsadm().contains(server(2, 10)), "what was there at the start is grown");
            apply(sync, service(care, 1, 2, 3).build());
            assertTrue(Lab.ipvsadm().contains(server(1, 1)), Lab::ipvsadm);
            Map<Character, Integer> answers = answers(42);
            assertEquals(Map.of('1', 2, '2', 20, '3', 20), answers, "one of 21 while it has a tenth of its weight");
            await("the next step", () -> Lab.ipvsadm().contains(server(1, 2)));
            Lab.witness("slow start: " + answers + " of 42 in the first step, then weight 2");
            State draining = service(care, 1, 2, 3)
                    .with(new Change.BackendPut(
                            WEB, States.backend("10.1.0.2:8080", 1).with(Health.DRAINING)))
                    .build();
            apply(sync, draining);
            assertTrue(Lab.ipvsadm().contains(server(1, 0)));
        } finally {
            net.close();
        }
    }
}
