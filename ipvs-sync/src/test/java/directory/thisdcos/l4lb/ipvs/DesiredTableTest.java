package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DesiredTableTest {
    private static final HostView HOST =
            new HostView(List.of(new Prefix(Ip.of("10.0.0.5"), 24)), Set.of("10.0.0.5"), false);
    private static final String SENTINEL = "-A -f 1815374946 -s none\n";

    private static String text(State state) {
        return IpvsadmText.table(DesiredTable.of(state, HOST).services().values());
    }

    private static Set<String> problems(State state) {
        return DesiredTable.of(state, HOST).problems(Pools.DEFAULT).stream()
                .map(Problem::kind)
                .collect(Collectors.toSet());
    }

    @Test
    void servesEachAddressWithBackendsOfItsFamily() {
        State state = new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .tcp("web", 80, "10.1.0.2:8080", "[fd02::2]:8080")
                .build();
        assertEquals(SENTINEL + """
                        -A -t 11.0.0.1:80 -s wlc
                        -a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1
                        -A -t [fd01:c::1]:80 -s wlc
                        -a -t [fd01:c::1]:80 -r [fd02::2]:8080 -m -w 1
                        """, text(state));
    }

    @Test
    void keepsTheServiceOfANameWithoutBackends() {
        State state = new States().name("web", "11.0.0.1").tcp("web", 80).build();
        assertEquals(SENTINEL + "-A -t 11.0.0.1:80 -s wlc\n", text(state));
    }

    @Test
    void refusesBackendsThatCannotWork() {
        State state = new States()
                .name("web", "11.0.0.1")
                .fixed("3.3.0.6", 3306)
                .tcp(
                        "web",
                        80,
                        "127.0.0.1:80",
                        "0.0.0.0:80",
                        "224.0.0.1:80",
                        "255.255.255.255:80",
                        "11.0.0.1:80",
                        "11.7.7.7:80",
                        "3.3.0.6:80",
                        "10.1.0.2:80")
                .build();
        assertTrue(
                text(state).endsWith("-a -t 11.0.0.1:80 -r 10.1.0.2:80 -m -w 1\n-A -t 3.3.0.6:3306 -s wlc\n"),
                text(state));
        assertEquals(
                2,
                text(state)
                        .lines()
                        .filter(line -> line.contains(" 11.0.0.1:80 "))
                        .count());
        assertEquals(Set.of("backend-refused"), problems(state));
    }

    @Test
    void allPortsAreOneServerForEachAddress() {
        Balancing persistent = Balancing.of(Scheduler.RR).withPersistence(300);
        State state = new States()
                .name("web", "11.0.0.1")
                .service(
                        States.name("web"),
                        Protocol.TCP,
                        ServiceKey.ALL_PORTS,
                        persistent,
                        "10.1.0.2:80",
                        "10.1.0.2:81")
                .service(States.name("web"), Protocol.UDP, ServiceKey.ALL_PORTS, persistent)
                .build();
        assertEquals(
                SENTINEL
                        + "-A -t 11.0.0.1:0 -s rr -p 300\n-a -t 11.0.0.1:0 -r 10.1.0.2:0 -m -w 1\n-A -u 11.0.0.1:0 -s rr -p 300\n",
                text(state));
        assertEquals(Set.of(), DesiredTable.of(state, HOST).idle(), "a rule that refuses would take other ports too");
    }

    @Test
    void onePacketSchedulingByNatIsAProblem() {
        Balancing each = Balancing.of(Scheduler.RR).withOnePacket(true);
        States states = new States().name("dns", "11.0.0.1");
        assertEquals(
                Set.of("one-packet-nat"),
                problems(states.service(States.name("dns"), Protocol.UDP, 53, each, "10.1.0.2:53")
                        .build()));
        assertEquals(
                Set.of(),
                problems(states.service(
                                States.name("dns"),
                                Protocol.UDP,
                                53,
                                each.withMethod(ForwardingMethod.DIRECT, 0),
                                "10.1.0.2:53")
                        .build()));
    }

    @Test
    void refusesAClaimOfTheHostsOwnAddress() {
        State state = new States()
                .fixed("10.0.0.5", 80, "10.1.0.2:80")
                .fixed("127.0.0.1", 80)
                .build();
        DesiredTable table = DesiredTable.of(state, HOST);
        assertEquals(SENTINEL, text(state));
        assertEquals(Set.of("vip-refused"), problems(state));
        assertEquals(Set.of(), table.local(Pools.DEFAULT).claims());
        assertEquals(2, table.refused().count());
    }

    @Test
    void everyPoolIsRoutedAndANameOutsideKeepsItsAddress() {
        Pools several = new Pools(
                List.of(
                        Pool.of("a", IpRange.parse("11.0.0.0/16")),
                        Pool.of("b", IpRange.parse("12.0.0.0/16")),
                        Pool.of("six", IpRange.parse("fd01:c::/64")),
                        Pool.of("six-b", IpRange.parse("fd02:c::/64"))),
                List.of());
        States states = new States()
                .name("web", "11.9.0.1")
                .service(States.name("web"), Protocol.TCP, 80, "10.0.0.2:8080")
                .with(new Change.PoolsPut(several));
        DesiredTable table = DesiredTable.of(states.build(), HOST);
        assertEquals(
                List.of("11.0.0.0/16", "12.0.0.0/16", "fd01:c::/64", "fd02:c::/64", "11.9.0.1/32"),
                table.routes(table.local(several)).stream()
                        .map(Prefix::toString)
                        .toList());
        table.update(states.with(new Change.AllocationRemoved(States.name("web")))
                .with(new Change.ServiceRemoved(new ServiceKey(States.name("web"), Protocol.TCP, 80)))
                .build());
        assertEquals(Set.of(), table.local(several).claims());
    }

    @Test
    void givesNoRouteToAPoolInWhichTheHostLives() {
        HostView inside = new HostView(List.of(new Prefix(Ip.of("11.2.3.4"), 16)), Set.of(), false);
        DesiredTable table = DesiredTable.of(new States().build(), inside);
        assertEquals(
                List.of("fd01:c::/64"),
                table.routes(table.local(Pools.DEFAULT)).stream()
                        .map(Prefix::toString)
                        .toList());
        assertEquals(
                "pool-overlap", table.problems(Pools.DEFAULT).iterator().next().kind());
        HostView dummy = new HostView(List.of(new Prefix(Ip.of("11.2.3.4"), 32)), Set.of(), false);
        assertEquals(
                2,
                DesiredTable.of(new States().build(), dummy)
                        .routes(table.local(Pools.DEFAULT))
                        .size());
    }

    @Test
    void reachesALocalContainerAtItsOwnAddress() {
        ServiceKey key = new ServiceKey(States.name("web"), Protocol.TCP, 80);
        State base = new States().name("web", "11.0.0.1").tcp("web", 80).build();
        for (String node : List.of("10.0.0.5", "10.0.0.6")) {
            Backend backend = new Backend(
                    Endpoint.parse(node + ":31000"),
                    Optional.of(Endpoint.parse("172.17.0.2:8080")),
                    1,
                    Health.HEALTHY,
                    node,
                    "",
                    "task",
                    "test");
            String expected = node.equals("10.0.0.5") ? "172.17.0.2:8080" : "10.0.0.6:31000";
            String text = text(base.fold(List.of(new Change.BackendPut(key, backend))));
            assertTrue(text.contains("-r " + expected + " -m"), text);
        }
    }

    @Test
    void followsEveryChangeAsIfBuiltAnew() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DesiredTable table = DesiredTable.of(States.random(random), HOST);
        for (int round = 0; round < 500; round++) {
            Map<ServiceId, ServiceEntry> before = new HashMap<>(table.services());
            State next = States.random(random);
            Set<ServiceId> touched = table.update(next);
            DesiredTable anew = DesiredTable.of(next, HOST);
            String message = "seed " + seed + " round " + round;
            assertEquals(anew.services(), table.services(), message);
            assertEquals(anew.destinationCount(), table.destinationCount(), message);
            assertEquals(anew.local(Pools.DEFAULT), table.local(Pools.DEFAULT), message);
            before.forEach((id, entry) -> assertTrue(
                    touched.contains(id) || entry.equals(table.services().get(id)), message + " " + id));
        }
    }

    private static Backend backend(int host, int weight, Health health) {
        return new Backend(
                Endpoint.parse("10.1.0." + host + ":80"), Optional.empty(), weight, health, "", "", "task", "test");
    }

    private static String weights(int panicPercent, Backend... backends) {
        States states = new States().name("web", "11.0.0.1").tcp("web", 80);
        ServiceKey key = new ServiceKey(States.name("web"), Protocol.TCP, 80);
        for (Backend backend : backends) {
            states.with(new Change.BackendPut(key, backend));
        }
        HostView host = new HostView(List.of(), Set.of(), false, panicPercent);
        DesiredTable table = DesiredTable.of(states.build(), host);
        StringBuilder text = new StringBuilder();
        Objects.requireNonNull(table.services().get(new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80)))
                .destinations()
                .values()
                .forEach(destination -> text.append(destination.weight()));
        return text + (table.problems(Pools.DEFAULT).isEmpty() ? "" : " panic");
    }

    @Test
    void keepsAllWhenAllFailTheirChecks() {
        Backend sick2 = backend(2, 0, Health.UNHEALTHY);
        Backend sick3 = backend(3, 0, Health.FLAPPING);
        Backend well = backend(4, 1, Health.HEALTHY);
        Backend killed = backend(5, 0, Health.DRAINING);
        Backend young = backend(6, 0, Health.PENDING);
        assertEquals("11 panic", weights(1, sick2, sick3));
        assertEquals("00", weights(0, sick2, sick3));
        assertEquals("001", weights(1, sick2, sick3, well));
        assertEquals("111 panic", weights(50, sick2, sick3, well));
        assertEquals("010", weights(50, sick2, well, killed), "half of those that count");
        assertEquals("1100 panic", weights(1, sick2, sick3, killed, young));
        assertEquals("00", weights(1, killed, young));
    }

    @Test
    void checksWhatTheKernelWouldTakeSilently() {
        Balancing direct = Balancing.DEFAULT.withMethod(ForwardingMethod.DIRECT, 0);
        State state = new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .service(States.name("web"), Protocol.TCP, 80, direct, "10.1.0.2:8080", "10.1.0.3:80")
                .service(States.name("web"), Protocol.TCP, 81, Balancing.DEFAULT.withOnePacket(true), "10.1.0.2:81")
                .build();
        DesiredTable table = DesiredTable.of(state, new HostView(List.of(), Set.of(), false));
        assertEquals(
                "-a -t 11.0.0.1:80 -r 10.1.0.3:80 -g -w 1",
                IpvsadmText.table(table.services().values())
                        .lines()
                        .filter(line -> line.contains("-r ") && line.contains(":80 -r"))
                        .collect(Collectors.joining()));
        assertEquals(
                Set.of("backend-refused", "vip-option"),
                table.problems(Pools.DEFAULT).stream().map(Problem::kind).collect(Collectors.toSet()));
    }
}
