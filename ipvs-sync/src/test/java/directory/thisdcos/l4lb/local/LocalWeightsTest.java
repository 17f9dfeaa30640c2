package directory.thisdcos.l4lb.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Locality;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From tables and a real server to what the kernel is told. */
final class LocalWeightsTest {
    private static final ServiceKey KEY = new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, 80);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final LocalWeights weights = new LocalWeights(Place.of(Set.of("me"), Map.of()), registry, problems);
    private final LinkedBlockingQueue<Set<Target>> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        weights.close();
    }

    private static Backend backend(Endpoint address) {
        return new Backend(address, Optional.empty(), 1, Health.UNCHECKED, "", "", "task", "source");
    }

    private static State table(Care care, Endpoint... backends) {
        State state = State.EMPTY.fold(List.of(
                new Change.PoolsPut(Pools.DEFAULT),
                new Change.ServicePut(KEY, new ServiceSpec(Balancing.DEFAULT.withCare(care), List.of(), 0))));
        for (Endpoint address : backends) {
            state = state.fold(List.of(new Change.BackendPut(KEY, backend(address))));
        }
        return state;
    }

    private String view(State table) {
        StringBuilder text = new StringBuilder();
        weights.view(table.service(KEY).orElseThrow())
                .backends()
                .values()
                .forEach(backend -> text.append(backend.health().text())
                        .append(' ')
                        .append(backend.weight())
                        .append(' '));
        return text.toString().strip();
    }

    @Test
    void aServerThatFailsIsUnhealthyHereAndBackWhenItServes() throws Exception {
        Endpoint server;
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server = new Endpoint(Ip.of("127.0.0.1"), socket.getLocalPort());
        }
        Care care = new Care(Optional.of(new Check(Check.Kind.TCP, "", 100, 100, 1, 2)), 0, Locality.NONE);
        State table = table(care, server);
        weights.start(told::add);
        weights.observe(table);
        assertEquals("unchecked 1", view(table), "what was not checked yet serves");
        assertEquals(Set.of(KEY.target()), told.poll(30, TimeUnit.SECONDS));
        assertEquals("unhealthy 0", view(table));
        assertEquals(1, weights.failures().size());
        assertTrue(problems.entries().toString().contains("3.3.0.6:80"), problems.entries()::toString);
        try (ServerSocket socket = new ServerSocket(server.port(), 50, InetAddress.getLoopbackAddress())) {
            assertTrue(socket.isBound());
            assertEquals(Set.of(KEY.target()), told.poll(30, TimeUnit.SECONDS));
            assertEquals("unchecked 1", view(table));
        }
        weights.observe(table(Care.NONE, server));
        assertEquals(0, weights.checked());
    }

    @Test
    void whatFailsDoesNotServeAgainBecauseItsServiceIsConfiguredAnew() throws Exception {
        Endpoint server;
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            server = new Endpoint(Ip.of("127.0.0.1"), socket.getLocalPort());
        }
        Optional<Check> check = Optional.of(new Check(Check.Kind.TCP, "", 100, 100, 1, 2));
        weights.start(told::add);
        weights.observe(table(new Care(check, 0, Locality.NONE), server));
        assertEquals(Set.of(KEY.target()), told.poll(30, TimeUnit.SECONDS));
        State other = table(new Care(check, 0, Locality.NODE), server)
                .fold(List.of(new Change.ServicePut(
                        KEY,
                        new ServiceSpec(
                                Balancing.of(Scheduler.RR).withCare(new Care(check, 0, Locality.NODE)),
                                List.of(),
                                1))));
        weights.observe(other);
        assertEquals("unhealthy 0", view(other));
        assertEquals(1, weights.failures().size());
    }

    @Test
    void onlyWhatCameAfterTheStartIsYoung() throws Exception {
        Care care = new Care(Optional.empty(), 5, Locality.NONE);
        Endpoint old = Endpoint.parse("10.0.0.1:80");
        Endpoint young = Endpoint.parse("10.0.0.2:80");
        weights.start(told::add);
        weights.observe(table(care, old));
        assertEquals("unchecked 10", view(table(care, old)));
        State both = table(care, old, young);
        weights.observe(both);
        assertEquals("unchecked 10 unchecked 1", view(both));
        while (!view(both).equals("unchecked 10 unchecked 10")) {
            assertEquals(Set.of(KEY.target()), told.poll(30, TimeUnit.SECONDS), "told of each step");
        }
        weights.observe(table(care, old));
        weights.observe(both);
        assertEquals("unchecked 10 unchecked 1", view(both), "who comes back is young again");
    }
}
