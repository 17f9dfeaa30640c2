package directory.thisdcos.l4lb.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DynamicZoneTest {
    private static final List<Ip> SERVER = List.of(Ip.of("127.0.0.1"));

    private static Name name(String prefix) {
        return Name.of(Tables.name(prefix).fqdn());
    }

    private static Map<Name, List<Rrset>> content(Zone zone) {
        Map<Name, List<Rrset>> content = new HashMap<>();
        zone.nodes().forEach(node -> content.put(node.name(), node.rrsets()));
        return content;
    }

    @Test
    void isTheSameIncrementallyAndAtOnce() {
        Random random = new Random(3);
        DynamicZone followed = new DynamicZone(SERVER);
        State state = State.EMPTY;
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
            Zone zone = followed.update(state, withheld);
            assertEquals(content(new DynamicZone(SERVER).update(state, withheld)), content(zone), "step " + step);
            assertEquals(state.seq(), zone.serial());
        }
    }

    private static Change randomChange(Random random) {
        int number = random.nextInt(100);
        // Some names stand below other names.
        String name = number % 7 == 0 ? "x.svc" + (number + 1) + ".marathon" : "svc" + number + ".f" + number % 3;
        Ip address = Ip.of("11.0.0.0").plus(number);
        return switch (random.nextInt(6)) {
            case 0 -> new Change.AllocationRemoved(Tables.name(name));
            case 1 -> new Change.ServiceRemoved(Tables.key(name, 80));
            case 2 ->
                new Change.AllocationPut(new Allocation(
                        Tables.name(name), address, Optional.empty(), Allocation.Status.QUARANTINED, 0, "/q"));
            case 3 -> Tables.service(name, 80);
            default -> Tables.allocation(name, address.toString(), number % 5 == 0 ? "fd01:c::" + number : "");
        };
    }

    @Test
    void hidesWithheldAddressesAndNamesWithoutAny() {
        DynamicZone dynamic = new DynamicZone(SERVER);
        Zone zone = dynamic.update(Tables.small(), Set.of(Ip.of("11.0.0.1"), Ip.of("11.0.0.2")));
        assertTrue(zone.find(name("web.marathon")).isEmpty());
        assertEquals(1, zone.find(name("six.marathon")).orElseThrow().rrsets().size());
        zone = dynamic.update(Tables.small(), Set.of(Ip.of("fd01:c::2")));
        assertEquals(1, zone.find(name("web.marathon")).orElseThrow().rrsets().size());
        assertEquals(1, zone.find(name("six.marathon")).orElseThrow().rrsets().size());
    }

    @Test
    void leavesNoEmptyNonTerminalsBehind() {
        DynamicZone dynamic = new DynamicZone(SERVER);
        State state = Tables.small();
        Zone before = dynamic.update(state, Set.of());
        assertTrue(before.find(name("marathon")).isPresent());
        State gone = Tables.apply(
                state,
                List.of(
                        new Change.ServiceRemoved(Tables.key("web.marathon", 80)),
                        new Change.ServiceRemoved(Tables.key("six.marathon", 443))));
        Zone after = dynamic.update(gone, Set.of());
        assertEquals(2, after.size(), "apex and ns");
        assertFalse(after.find(name("marathon")).isPresent());
        assertTrue(before.find(name("web.marathon")).isPresent(), "an old version stays as it was");
    }

    @Test
    void findsEveryOneOfManyNames() {
        Zone zone = new DynamicZone(SERVER).update(Tables.large(20_000), Set.of());
        assertEquals(20_003, zone.size());
        for (int i = 0; i < 20_000; i++) {
            assertTrue(zone.find(name("svc" + i + ".marathon")).isPresent());
        }
        assertTrue(zone.find(name("svc20000.marathon")).isEmpty());
    }
}
