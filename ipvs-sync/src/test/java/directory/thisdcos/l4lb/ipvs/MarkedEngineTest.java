package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services for firewall marks over their life. */
class MarkedEngineTest {
    private static final ServiceId.Mark MARK = new ServiceId.Mark(Family.V4, 17);
    private static final ServiceId.Address HTTP = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80);
    private static final ServiceId.Address HTTPS = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 443);
    private static final Balancing MARKED = Balancing.DEFAULT.withFwmark(17);

    @TempDir
    private Path directory;

    private final FakeKernel kernel = new FakeKernel();
    private final FakeDataPath path = new FakeDataPath();
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = restart(Duration.ZERO);
    }

    private Engine restart(Duration drainLimit) throws IOException {
        return new Engine(
                kernel,
                path,
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                new IpvsMetrics(new PrometheusRegistry()),
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withDrainLimit(drainLimit)
                        .withKernel(new KernelSettings(Timeouts.KERNEL, ForeignServices.REMOVE, 0)),
                false);
    }

    private static State web(Balancing http, Balancing https, String... servers) {
        States states = new States().name("web", "11.0.0.1");
        String[] at80 = List.of(servers).stream().map(server -> server + ":80").toArray(String[]::new);
        String[] at443 =
                List.of(servers).stream().map(server -> server + ":443").toArray(String[]::new);
        return states.service(States.name("web"), Protocol.TCP, 80, http, at80)
                .service(States.name("web"), Protocol.TCP, 443, https, at443)
                .build();
    }

    private static State marked(String... servers) {
        return web(MARKED, MARKED, servers);
    }

    private Set<ServiceId.Address> markedPlaces() {
        return path.guard.orElseThrow().marks().keySet();
    }

    private List<String> problems() {
        return engine.problems().stream().map(Problem::kind).distinct().toList();
    }

    @Test
    void aRestartFindsItsMarksAndWritesNothing() throws IOException {
        engine.apply(marked("10.1.0.2"));
        kernel.executed.clear();
        path.guardWrites = 0;
        engine = restart(Duration.ZERO);
        engine.apply(marked("10.1.0.2"));
        assertEquals(Map.of(), engine.audit(marked("10.1.0.2")).repairs());
        assertEquals(List.of(), kernel.executed);
        assertEquals(0, path.guardWrites);
        assertEquals(List.of(), problems());
        engine = restart(Duration.ZERO);
        engine.apply(web(Balancing.DEFAULT, Balancing.DEFAULT));
        assertFalse(kernel.table.containsKey(MARK), "a leftover of ours");
    }

    @Test
    void packetsAreMarkedAfterTheNewServiceIsThereAndBeforeTheOldOneGoes() throws IOException {
        engine.apply(web(Balancing.DEFAULT, Balancing.DEFAULT, "10.1.0.2"));
        path.onGuard = () -> {
            for (ServiceId.Address place : List.of(HTTP, HTTPS)) {
                ServiceId id = markedPlaces().contains(place) ? MARK : place;
                ServiceEntry entry = kernel.table.get(id);
                assertTrue(entry != null && !entry.isIdle(), () -> place + " meets " + id + " in " + kernel.table);
            }
        };
        for (Balancing http : List.of(MARKED, Balancing.DEFAULT, Balancing.DEFAULT, MARKED, MARKED)) {
            for (Balancing https : List.of(MARKED, Balancing.DEFAULT)) {
                engine.apply(web(http, https, "10.1.0.2"));
                path.onGuard.run();
                assertEquals(http.fwmark() + https.fwmark() > 0, kernel.table.containsKey(MARK));
                assertEquals(http.fwmark() == 0, kernel.table.containsKey(HTTP));
                assertEquals(Set.of(), path.refused);
            }
        }
    }

    @Test
    void somebodyElsesServiceForTheMarkIsNeverTouched() throws IOException {
        ServiceEntry foreign = ServiceEntry.of(
                KernelService.of(MARK, "rr"), List.of(KernelDestination.masquerading(Endpoint.parse("10.9.9.9:0"), 1)));
        kernel.table.put(MARK, foreign);
        engine.apply(new States().build());
        State state = marked("10.1.0.2");
        engine.apply(state);
        for (int i = 0; i < 3; i++) {
            engine.audit(state);
            assertEquals(foreign, kernel.table.get(MARK));
            assertTrue(kernel.table.containsKey(HTTP) && kernel.table.containsKey(HTTPS));
            assertEquals(Set.of(), markedPlaces(), "nothing of ours goes to it");
            assertEquals(List.of("fwmark-foreign"), problems());
        }
        engine = restart(Duration.ZERO);
        engine.apply(state);
        assertEquals(foreign, kernel.table.get(MARK));
        kernel.table.remove(MARK);
        engine.audit(state);
        assertEquals(Set.of(HTTP, HTTPS), markedPlaces());
        assertTrue(kernel.table.containsKey(MARK) && !kernel.table.containsKey(HTTP));
        assertEquals(List.of(), problems());
        kernel.table.remove(MARK);
        assertEquals(
                Map.of("service-missing", 1, "destination-missing", 1),
                engine.audit(state).repairs());
    }

    @Test
    void aServiceWithoutServersRefusesAtEachOfItsPorts() throws IOException {
        engine.apply(marked("10.1.0.2"));
        assertEquals(Set.of(), path.refused);
        engine.apply(marked());
        assertEquals(Set.of(HTTP, HTTPS), path.refused);
        engine.apply(marked("10.1.0.3"));
        assertEquals(Set.of(), path.refused);
    }

    @Test
    void aServerOfAClaimedAddressDrainsWithTheConnectionsOfAllPorts() throws IOException {
        Balancing balancing = MARKED.withPersistence(60);
        FixedAddress target = new FixedAddress(Ip.of("3.3.0.6"));
        State state = new States()
                .service(target, Protocol.TCP, 80, balancing, "10.1.0.2:80")
                .service(target, Protocol.TCP, 443, balancing, "10.1.0.2:443")
                .build();
        engine = restart(Duration.ofMinutes(10));
        engine.apply(state);
        DestinationKey seen = new DestinationKey(
                new ServiceId.Address(Ip.of("3.3.0.6"), Protocol.TCP, 443), Endpoint.parse("10.1.0.2:443"));
        kernel.connections.put(new DestinationKey(MARK, Endpoint.parse("10.1.0.2:0")), new int[] {0, 1});
        kernel.halfClosed.add(seen);
        engine.apply(new States().build());
        engine = restart(Duration.ofMinutes(10));
        engine.apply(new States().build());
        engine.endDrains();
        engine.endDrains();
        engine.endDrains();
        assertTrue(kernel.table.containsKey(MARK), "a connection is half-closed");
        assertTrue(path.routes.contains(Prefix.host(Ip.of("3.3.0.6"))), "and needs its address");
        assertEquals(Set.of(), markedPlaces(), "nobody new comes");
        kernel.halfClosed.clear();
        engine.endDrains();
        engine.endDrains();
        assertFalse(kernel.table.containsKey(MARK));
        engine.audit(new States().build());
        assertFalse(path.routes.contains(Prefix.host(Ip.of("3.3.0.6"))));
        assertFalse(OwnershipJournal.open(directory).owns(MARK));
    }
}
