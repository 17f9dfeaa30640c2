package directory.thisdcos.l4lb.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicZonesTest {
    private static final String ORIGIN = "l4lb.thisdcos.directory";
    private static final List<Ip> SERVER = List.of(Ip.of("127.0.0.1"));

    private static Name name(String prefix) {
        return Name.of(Tables.name(prefix).fqdn());
    }

    private static Map<Name, List<Rrset>> content(List<Zone> zones) {
        Map<Name, List<Rrset>> content = new HashMap<>();
        zones.forEach(zone -> zone.nodes().forEach(node -> content.put(node.name(), node.rrsets())));
        return content;
    }

    private static State empty() {
        return Tables.apply(State.EMPTY, List.of(new Change.PoolsPut(Pools.DEFAULT)));
    }

    @Test
    void isTheSameIncrementallyAndAtOnce() {
        Random random = new Random(3);
        DynamicZones followed = new DynamicZones(SERVER);
        State state = empty();
        for (int step = 0; step < 400; step++) {
            List<Change> changes = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                changes.add(randomChange(random));
            }
            state = Tables.apply(state, changes);
            Set<Ip> withheld = new HashSet<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                withheld.add(Ip.of("11.0.0.0").plus(random.nextInt(120)));
            }
            List<Zone> zones = followed.update(state, withheld);
            assertEquals(3, zones.size());
            assertEquals(content(new DynamicZones(SERVER).update(state, withheld)), content(zones), "step " + step);
            for (Zone zone : zones) {
                assertEquals(state.seq(), zone.serial());
            }
        }
    }

    @Test
    void aLargeTableIsTheSameAtOnce() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            changes.add(Tables.allocation(
                    "svc" + i + ".f", Ip.of("11.0.0.0").plus(i).toString(), ""));
            changes.add(Tables.service("svc" + i + ".f", 80));
        }
        DynamicZones followed = new DynamicZones(SERVER);
        followed.update(empty(), Set.of());
        State state = Tables.apply(empty(), changes);
        Map<Name, List<Rrset>> content = content(new DynamicZones(SERVER).update(state, Set.of()));
        assertEquals(content(followed.update(state, Set.of())), content);
        assertTrue(content.containsKey(name("svc2499.f")));
    }

    private static Change randomChange(Random random) {
        int number = random.nextInt(100);
        // Some names stand below other names.
        String name = number % 7 == 0 ? "x.svc" + (number + 1) + ".marathon" : "svc" + number + ".f" + number % 3;
        Ip address = Ip.of("11.0.0.0").plus(number);
        return switch (random.nextInt(7)) {
            case 0 -> new Change.AllocationRemoved(Tables.name(name));
            case 1 -> new Change.ServiceRemoved(Tables.key(name, 80));
            case 2 ->
                new Change.AllocationPut(new Allocation(
                        Tables.name(name), address, Optional.empty(), Allocation.Status.QUARANTINED, 0, "/q"));
            case 3 -> Tables.service(name, 80);
            case 4 ->
                new Change.BackendPut(
                        Tables.key(name, 80), Tables.backend("10.0.0." + random.nextInt(5), 8080, "p" + number % 4));
            default -> Tables.allocation(name, address.toString(), number % 5 == 0 ? "fd01:c::" + number : "");
        };
    }

    @Test
    void hidesWithheldAddressesAndNamesWithoutAny() {
        DynamicZones dynamic = new DynamicZones(SERVER);
        Zone zone = dynamic.update(Tables.small(), Set.of(Ip.of("11.0.0.1"), Ip.of("11.0.0.2")))
                .get(0);
        assertTrue(zone.find(name("web.marathon")).isEmpty());
        assertEquals(List.of(Type.AAAA, Type.TXT), types(zone, "six.marathon"));
        zone = dynamic.update(Tables.small(), Set.of(Ip.of("fd01:c::2"))).get(0);
        assertEquals(List.of(Type.A, Type.TXT), types(zone, "web.marathon"));
        assertEquals(List.of(Type.A, Type.TXT), types(zone, "six.marathon"));
    }

    private static List<Integer> types(Zone zone, String prefix) {
        return zone.find(name(prefix)).orElseThrow().rrsets().stream()
                .map(Rrset::type)
                .sorted(Comparator.comparing((Integer type) -> type == Type.TXT).thenComparing(type -> type))
                .toList();
    }

    @Test
    void leavesNoEmptyNonTerminalsBehind() {
        DynamicZones dynamic = new DynamicZones(SERVER);
        State state = Tables.small();
        Zone before = dynamic.update(state, Set.of()).get(0);
        assertTrue(before.find(name("marathon")).isPresent());
        State gone = Tables.apply(
                state,
                List.of(
                        new Change.ServiceRemoved(Tables.key("web.marathon", 80)),
                        new Change.ServiceRemoved(Tables.key("six.marathon", 443))));
        Zone after = dynamic.update(gone, Set.of()).get(0);
        assertEquals(3, after.size(), "apex, ns and ready");
        assertFalse(after.find(name("marathon")).isPresent());
        assertTrue(before.find(name("web.marathon")).isPresent(), "an old version stays as it was");
    }

    @Test
    void findsEveryOneOfManyNames() {
        Zone zone =
                new DynamicZones(SERVER).update(Tables.large(20_000), Set.of()).get(0);
        // apex, ns, ready, marathon; each service has a name, _tcp and _80._tcp.
        assertEquals(60_004, zone.size());
        for (int i = 0; i < 20_000; i++) {
            assertTrue(zone.find(name("svc" + i + ".marathon")).isPresent());
        }
        assertTrue(zone.find(name("svc20000.marathon")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "11.0.0.0/8, 11.in-addr.arpa",
        "10.1.2.0/24, 2.1.10.in-addr.arpa",
        "10.1.4.0/23, 4.1.10.in-addr.arpa 5.1.10.in-addr.arpa",
        "10.1.2.12/30, 12.2.1.10.in-addr.arpa 13.2.1.10.in-addr.arpa 14.2.1.10.in-addr.arpa 15.2.1.10.in-addr.arpa"
    })
    void hasReverseZonesForExactlyThePool(String pool, String origins) {
        State state = Tables.apply(
                State.EMPTY,
                List.of(new Change.PoolsPut(new Pools(IpRange.parse(pool), IpRange.parse("fd01:c::/64")))));
        List<String> names = new DynamicZones(SERVER)
                .update(state, Set.of()).stream()
                        .map(zone -> zone.origin().toString())
                        .toList();
        List<String> expected = new ArrayList<>(List.of(ORIGIN));
        expected.addAll(List.of(origins.split(" ")));
        expected.add("0.0.0.0.0.0.0.0.c.0.0.0.1.0.d.f.ip6.arpa");
        assertEquals(expected, names);
    }

    @Test
    void followsAChangeOfThePools() {
        DynamicZones dynamic = new DynamicZones(SERVER);
        State state = Tables.apply(Tables.small(), List.of(new Change.PoolsPut(Pools.DEFAULT)));
        dynamic.update(Tables.small(), Set.of());
        List<Zone> zones = dynamic.update(state, Set.of());
        assertEquals(content(new DynamicZones(SERVER).update(state, Set.of())), content(zones));
        assertTrue(zones.get(1).find(Name.of("1.0.0.11.in-addr.arpa")).isPresent());
    }

    /** A pool that is smaller than an octet: every address is a zone of its own. */
    @Test
    void keepsTheApexOfAZoneThatIsOneAddress() {
        DynamicZones dynamic = new DynamicZones(SERVER);
        Pools pools = new Pools(IpRange.parse("10.1.2.12/30"), IpRange.parse("fd01:c::/64"));
        State state = Tables.apply(
                State.EMPTY,
                List.of(
                        new Change.PoolsPut(pools),
                        Tables.allocation("web.marathon", "10.1.2.13", ""),
                        Tables.service("web.marathon", 80)));
        Name address = Name.of("13.2.1.10.in-addr.arpa");
        for (State next : List.of(state, Tables.apply(state, List.of()))) {
            Node apex = dynamic.update(next, Set.of()).get(2).find(address).orElseThrow();
            assertEquals(
                    List.of(Type.NS, Type.SOA, Type.PTR),
                    apex.rrsets().stream().map(Rrset::type).sorted().toList());
        }
        State gone = Tables.apply(
                Tables.apply(state, List.of()), List.of(new Change.ServiceRemoved(Tables.key("web.marathon", 80))));
        Node apex = dynamic.update(gone, Set.of()).get(2).find(address).orElseThrow();
        assertEquals(
                List.of(Type.NS, Type.SOA),
                apex.rrsets().stream().map(Rrset::type).sorted().toList());
    }
}
