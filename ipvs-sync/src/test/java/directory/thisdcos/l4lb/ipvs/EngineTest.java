package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private static final ServiceId WEB = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80);

    @TempDir
    private Path directory;

    private final FakeKernel kernel = new FakeKernel();
    private final FakeDataPath path = new FakeDataPath();
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = restart();
    }

    private Engine restart() throws IOException {
        return restart(Duration.ZERO);
    }

    private Engine restart(Duration drainLimit) throws IOException {
        return restart(drainLimit, ForeignServices.REPORT);
    }

    private Engine restart(Duration drainLimit, ForeignServices foreign) throws IOException {
        return new Engine(
                kernel,
                path,
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                new IpvsMetrics(new PrometheusRegistry()),
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withDrainLimit(drainLimit)
                        .withKernel(new KernelSettings(Timeouts.KERNEL, foreign, 0)),
                false);
    }

    private static State web(String... backends) {
        return new States().name("web", "11.0.0.1").tcp("web", 80, backends).build();
    }

    private static Map<ServiceId, ServiceEntry> desired(State state) {
        return DesiredTable.of(state, new HostView(List.of(), Set.of(), false)).services();
    }

    @Test
    void writesNothingBeforeTheFirstTable() throws IOException {
        kernel.table.putAll(desired(web("10.1.0.2:80")));
        engine.apply(State.EMPTY);
        assertEquals(Map.of(), engine.audit(State.EMPTY).repairs());
        assertEquals(List.of(), kernel.executed);
    }

    @Test
    void writesNothingWhenARestartFindsAllRight() throws IOException {
        State state = States.of(web("10.1.0.2:80"))
                .fixed("3.3.0.6", 3306, "10.1.0.2:81")
                .build();
        engine.apply(state);
        kernel.executed.clear();
        path.guardWrites = 0;
        restart().apply(state);
        assertEquals(List.of(), kernel.executed);
        assertEquals(0, path.guardWrites);
    }

    @Test
    void removesItsLeftoversAfterARestartAndNothingElse() throws IOException {
        ServiceId foreign = new ServiceId.Address(Ip.of("192.168.9.9"), 6, 80);
        kernel.table.put(foreign, ServiceEntry.of(KernelService.of(foreign, "rr"), List.of()));
        ServiceId foreignMark = new ServiceId.Mark(Family.V4, 7);
        kernel.table.put(foreignMark, ServiceEntry.of(KernelService.of(foreignMark, "rr"), List.of()));
        engine.apply(States.of(web("10.1.0.2:80"))
                .fixed("3.3.0.6", 3306, "10.1.0.2:81")
                .build());
        assertTrue(path.routes.contains(Prefix.host(Ip.of("3.3.0.6"))));

        Engine second = restart();
        second.apply(new States().build());
        assertEquals(3, kernel.table.size(), "the sentinel and two foreign ones");
        assertTrue(kernel.table.containsKey(foreign) && kernel.table.containsKey(foreignMark));
        assertEquals(2, path.routes.size(), "the pools");
    }

    @Test
    void forgetsAClaimThatWentSoThatOthersMayUseTheAddress() throws IOException {
        engine.apply(new States().fixed("3.3.0.6", 3306, "10.1.0.2:81").build());
        engine.apply(new States().build());
        ServiceId id = new ServiceId.Address(Ip.of("3.3.0.6"), 6, 3306);
        assertFalse(kernel.table.containsKey(id));
        kernel.table.put(id, ServiceEntry.of(KernelService.of(id, "rr"), List.of()));
        engine.audit(new States().build());
        restart().apply(new States().build());
        assertTrue(kernel.table.containsKey(id));
    }

    @Test
    void oneChangeIsOneMessage() throws IOException {
        engine.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        kernel.executed.clear();
        engine.apply(web("10.1.0.2:80", "10.1.0.3:80", "10.1.0.4:80"));
        assertEquals("-a -t 11.0.0.1:80 -r 10.1.0.4:80 -m -w 1\n", IpvsadmText.operations(kernel.executed));
    }

    @Test
    void recreatesAServiceThatVanishedBetweenPlanAndWrite() throws IOException {
        engine.apply(web("10.1.0.2:80"));
        kernel.table.clear();
        engine.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        assertEquals(desired(web("10.1.0.2:80", "10.1.0.3:80")).get(WEB), kernel.table.get(WEB));
        assertEquals(Set.of(), engine.notInPlace());
    }

    @Test
    void setsWhatSomebodyElseHasAdded() throws IOException {
        engine.apply(web("10.1.0.2:80"));
        KernelDestination heavy = new KernelDestination(Endpoint.parse("10.1.0.3:80"), Forwarding.DIRECT, 9, 0, 0);
        kernel.execute(new IpvsOp.AddDestination(WEB, heavy));
        engine.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        assertEquals(desired(web("10.1.0.2:80", "10.1.0.3:80")).get(WEB), kernel.table.get(WEB));
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void readsAllAgainAfterAnswersWereLost() throws IOException {
        engine.apply(web("10.1.0.2:80"));
        kernel.loseNextAnswer = true;
        assertThrows(NetlinkException.class, () -> engine.apply(web("10.1.0.2:80", "10.1.0.3:80")));
        kernel.table.remove(WEB);
        engine.apply(web("10.1.0.2:80", "10.1.0.3:80", "10.1.0.4:80"));
        assertEquals(desired(web("10.1.0.2:80", "10.1.0.3:80", "10.1.0.4:80")), kernel.table);
    }

    @Test
    void anAuditFinishesWhatAnApplyCouldNot() throws IOException {
        kernel.loseNextAnswer = true;
        assertThrows(NetlinkException.class, () -> engine.apply(web("10.1.0.2:80")));
        kernel.table.clear();
        engine.audit(web("10.1.0.2:80"));
        assertEquals(desired(web("10.1.0.2:80")), kernel.table);
    }

    @Test
    void aRemovedServerDrainsAndItsReturnIsOneSet() throws IOException {
        Engine draining = restart(Duration.ofMinutes(1));
        draining.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        kernel.executed.clear();
        draining.apply(web("10.1.0.3:80"));
        assertEquals(Map.of(), draining.audit(web("10.1.0.3:80")).repairs());
        draining.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        assertEquals(
                "-e -t 11.0.0.1:80 -r 10.1.0.2:80 -m -w 0\n-e -t 11.0.0.1:80 -r 10.1.0.2:80 -m -w 1\n",
                IpvsadmText.operations(kernel.executed));
        draining.apply(web("10.1.0.3:80"));
        assertEquals(1, draining.endDrains());
        assertEquals(0, draining.endDrains());
        assertEquals(desired(web("10.1.0.3:80")), kernel.table);
    }

    @Test
    void aServiceThatGoesIsRefusedUntilItIsGone() throws IOException {
        ServiceId.Address fixed = new ServiceId.Address(Ip.of("3.3.0.6"), 6, 80);
        Engine draining = restart(Duration.ofMinutes(1));
        draining.apply(new States().fixed("3.3.0.6", 80, "10.1.0.2:80").build());
        kernel.connections.put(new DestinationKey(fixed, Endpoint.parse("10.1.0.2:80")), new int[] {1, 0});
        draining.apply(new States().build());
        assertEquals(Set.of(fixed), path.refused);
        assertTrue(path.routes.contains(Prefix.host(fixed.ip())));
        assertEquals(1, draining.endDrains());

        Engine second = restart(Duration.ofMinutes(1));
        second.apply(new States().build());
        assertEquals(Set.of(fixed), path.refused, "after a restart too");
        kernel.connections.clear();
        second.endDrains();
        assertEquals(0, second.endDrains());
        assertFalse(kernel.table.containsKey(fixed));
        assertEquals(Set.of(), path.refused);
        assertFalse(path.routes.contains(Prefix.host(fixed.ip())));
        assertEquals(Map.of(), second.audit(new States().build()).repairs());
    }

    @Test
    void aServiceIsRefusedExactlyWhileItHasNoServer() throws IOException {
        ServiceId.Address web = (ServiceId.Address) WEB;
        engine.apply(web());
        assertEquals(Set.of(web), path.refused);
        engine.apply(web("10.1.0.2:80"));
        assertEquals(Set.of(), path.refused);
        engine.apply(web());
        assertEquals(Set.of(web), path.refused);
        assertEquals(Map.of(), engine.audit(web()).repairs());
        engine.apply(new States().build());
        assertEquals(Set.of(), path.refused);
    }

    private void putForeign(ServiceId id) {
        kernel.table.put(id, ServiceEntry.of(KernelService.of(id, "rr"), List.of()));
    }

    @Test
    void aForeignServiceInsideAPoolIsReportedAndStays() throws IOException {
        ServiceId foreign = new ServiceId.Address(Ip.of("11.0.0.9"), 6, 80);
        engine.apply(web("10.1.0.2:80"));
        putForeign(foreign);
        for (int i = 0; i < 5; i++) {
            assertEquals(Map.of(), engine.audit(web("10.1.0.2:80")).repairs());
        }
        assertTrue(kernel.table.containsKey(foreign));
        assertEquals("foreign-service", engine.problems().get(0).kind());

        Engine second = restart();
        second.apply(web("10.1.0.2:80"));
        assertTrue(kernel.table.containsKey(foreign), "a restart remembers that it is not ours");
        kernel.loseNextAnswer = true;
        assertThrows(NetlinkException.class, () -> second.apply(web("10.1.0.2:80", "10.1.0.3:80")));
        second.apply(web("10.1.0.2:80", "10.1.0.3:80"));
        assertTrue(kernel.table.containsKey(foreign), "nor does reading all again adopt it");

        kernel.table.remove(foreign);
        second.audit(web("10.1.0.2:80", "10.1.0.3:80"));
        assertEquals(List.of(), second.problems());
    }

    @Test
    void aForeignServiceIsRemovedAfterTwoSightings() throws IOException {
        engine = restart(Duration.ZERO, ForeignServices.REMOVE);
        ServiceId foreign = new ServiceId.Address(Ip.of("11.0.0.9"), 6, 80);
        engine.apply(web("10.1.0.2:80"));
        putForeign(foreign);
        assertEquals(Map.of(), engine.audit(web("10.1.0.2:80")).repairs());
        assertTrue(kernel.table.containsKey(foreign));
        assertEquals(
                Map.of("service-unknown", 1), engine.audit(web("10.1.0.2:80")).repairs());
        assertFalse(kernel.table.containsKey(foreign));
        assertEquals(Map.of(), engine.audit(web("10.1.0.2:80")).repairs());
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void aForeignServiceThatTheTableWantsBecomesOurs() throws IOException {
        engine.apply(new States().build());
        putForeign(WEB);
        engine.audit(new States().build());
        engine.apply(web("10.1.0.2:80"));
        assertEquals(desired(web("10.1.0.2:80")).get(WEB), kernel.table.get(WEB));
        engine.audit(web("10.1.0.2:80"));
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void timeoutsAreSetAndRepairedAndOthersLeftAlone() throws IOException {
        Timeouts wanted = new Timeouts(Duration.ofMinutes(10), Duration.ZERO, Duration.ofSeconds(30));
        engine = new Engine(
                kernel,
                path,
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                new IpvsMetrics(new PrometheusRegistry()),
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withKernel(new KernelSettings(wanted, ForeignServices.REPORT, 0)),
                false);
        engine.apply(web("10.1.0.2:80"));
        Timeouts both = new Timeouts(wanted.tcp(), Duration.ofMinutes(2), wanted.udp());
        assertEquals(both, kernel.timeouts);
        assertEquals(Map.of(), engine.audit(web("10.1.0.2:80")).repairs());
        kernel.timeouts = new Timeouts(Duration.ofMinutes(15), Duration.ofSeconds(7), Duration.ofSeconds(30));
        assertEquals(Map.of("timeouts", 1), engine.audit(web("10.1.0.2:80")).repairs());
        assertEquals(new Timeouts(wanted.tcp(), Duration.ofSeconds(7), wanted.udp()), kernel.timeouts);
    }

    @Test
    void syncDaemonsAreStartedAndRepaired() throws IOException {
        SyncDaemon master = SyncDaemon.parse("master:eth0:7");
        SyncDaemon backup = SyncDaemon.parse("backup:eth1");
        kernel.daemons.add(SyncDaemon.parse("backup:eth9:3"));
        engine = new Engine(
                kernel,
                path,
                OwnershipJournal.open(directory),
                new DrainFile(directory, InstantSource.system()),
                new IpvsMetrics(new PrometheusRegistry()),
                IpvsSettings.of(IpvsMode.ON, directory)
                        .withKernel(new KernelSettings(
                                Timeouts.KERNEL,
                                ForeignServices.REPORT,
                                List.of(master, backup),
                                0,
                                NamespaceSources.NONE)),
                false);
        engine.apply(web("10.1.0.2:80"));
        assertEquals(List.of(master), kernel.daemons, "the other interface is missing");
        assertEquals("sync-daemon", engine.problems().get(0).kind());
        kernel.daemons.clear();
        kernel.daemons.add(SyncDaemon.parse("master:eth0:8"));
        assertEquals(Map.of("sync-daemon", 1), engine.audit(web("10.1.0.2:80")).repairs());
        assertEquals(List.of(master), kernel.daemons);
        assertEquals(Map.of(), engine.audit(web("10.1.0.2:80")).repairs());
        assertThrows(IllegalArgumentException.class, () -> SyncDaemon.parse("eth0"));
        assertThrows(IllegalArgumentException.class, () -> SyncDaemon.parse("master:eth0:256"));
    }

    @Test
    void schedulersOfManyServicesChangeInTurnAndHoldUpNothing() throws IOException {
        engine.apply(services(20, Scheduler.RR));
        kernel.executed.clear();
        State changed = services(20, Scheduler.WLC);
        engine.apply(changed);
        assertEquals(SchedulerChanges.AT_ONCE, kernel.executed.size());
        State more = States.of(changed)
                .service(States.name("s19"), Protocol.TCP, 80, Balancing.of(Scheduler.WLC), "10.1.0.9:80")
                .build();
        kernel.executed.clear();
        engine.apply(more);
        assertEquals("add-destination", kernel.executed.get(0).kind(), "a change of a backend goes at once");
        assertFalse(engine.pending().isEmpty());
        for (int turn = 0; engine.isUnfinished(); turn++) {
            assertTrue(turn < 20, "never finished");
            kernel.executed.clear();
            engine.goOn();
            assertTrue(kernel.executed.size() <= SchedulerChanges.AT_ONCE);
        }
        assertEquals(List.of(), engine.pending());
        assertEquals(Map.of(), engine.audit(more).repairs());
    }

    private static State services(int count, Scheduler scheduler) {
        States states = new States();
        for (int i = 0; i < count; i++) {
            states.name("s" + i, "11.0.0." + (i + 1))
                    .service(States.name("s" + i), Protocol.TCP, 80, Balancing.of(scheduler), "10.1.0.2:80");
        }
        return states.build();
    }

    @Test
    void repairsAndCountsRandomMutations() throws IOException {
        engine = restart(Duration.ZERO, ForeignServices.REMOVE);
        long seed = Long.getLong("l4lb.seed", 1L);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            State state = States.random(random);
            engine.apply(state);
            String message = "seed " + seed + " round " + round;
            assertEquals(desired(state), kernel.table, message);
            if (!kernel.table.isEmpty()) {
                List<ServiceId> ids = List.copyOf(kernel.table.keySet());
                kernel.table.remove(ids.get(random.nextInt(ids.size())));
                desired(States.random(random)).forEach((id, entry) -> {
                    if (random.nextInt(4) == 0) {
                        kernel.table.put(id, entry);
                    }
                });
            }
            engine.audit(state);
            engine.audit(state);
            // What somebody put on an address outside of our pools and claims, or on a mark, is not ours.
            kernel.table
                    .keySet()
                    .removeIf(
                            id -> (id instanceof ServiceId.Mark || id.toString().startsWith("3.3.0."))
                                    && !desired(state).containsKey(id));
            assertEquals(desired(state), kernel.table, message);
            assertEquals(Map.of(), engine.audit(state).repairs(), message);
        }
    }
}
