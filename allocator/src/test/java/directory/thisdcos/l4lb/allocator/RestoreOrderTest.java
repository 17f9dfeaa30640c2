package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreOrderTest {
    private static final Circumstances NOW =
            new Circumstances(Pools.DEFAULT, Duration.ofHours(1), new DangerousAddresses(Map.of()), 1_000_000);

    /** A sound table of few names and addresses, so that two of them contradict each other. */
    private static State random(Random random) {
        List<Change> changes = new ArrayList<>();
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            int address = random.nextInt(16);
            if (!used.add(address)) {
                continue;
            }
            Ip ip = Ip.of("11.0.0.0").plus(address);
            Target target = random.nextInt(4) == 0
                    ? new FixedAddress(ip)
                    : new ServiceName("n" + i + ".marathon." + ServiceName.ZONE);
            if (target instanceof ServiceName name) {
                Status status = random.nextInt(4) == 0 ? Status.QUARANTINED : Status.ALLOCATED;
                changes.add(new Change.AllocationPut(
                        new Allocation(name, ip, Optional.empty(), status, random.nextInt(3), "o")));
                if (status == Status.QUARANTINED) {
                    continue;
                }
            }
            ServiceKey key = new ServiceKey(target, Protocol.TCP, 80 + random.nextInt(2));
            changes.add(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), random.nextInt(3))));
            for (int b = random.nextInt(3); b > 0; b--) {
                changes.add(new Change.BackendPut(
                        key,
                        new Backend(
                                Endpoint.parse("10.0.0." + b + ":80"),
                                Optional.empty(),
                                random.nextInt(2),
                                Health.HEALTHY,
                                "",
                                "",
                                "",
                                "t",
                                "s")));
            }
        }
        return State.EMPTY.fold(changes);
    }

    private static void assertNoAddressTwice(State state) {
        Map<Ip, Target> users = new HashMap<>();
        state.vips()
                .forEach(vip -> vip.addresses().forEach(ip -> {
                    Target other = users.put(ip, vip.target());
                    assertEquals(null, other, () -> ip + " of " + vip.target() + " is taken by " + other);
                }));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theTableIsWhatWasWantedAndNeverUnsoundOnTheWay(long seed) throws Exception {
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            State before = random(random);
            State wanted = random(random);
            RestoreOrder order = new RestoreOrder(wanted, true);
            State state = before;
            for (Change change : order.decide(before, NOW).changes()) {
                state = state.fold(List.of(change));
                assertNoAddressTwice(state);
            }
            Map<Target, Vip> left = new HashMap<>();
            state.vips().forEach(vip -> left.put(vip.target(), vip));
            wanted.vips().forEach(vip -> assertEquals(vip, left.remove(vip.target())));
            left.values().forEach(vip -> {
                assertTrue(vip.services().isEmpty(), vip::toString);
                assertEquals(Status.QUARANTINED, vip.allocation().orElseThrow().status());
            });
            assertEquals(List.of(), order.decide(state, NOW).changes(), "a second time nothing changes");
        }
    }

    @Test
    void aTableThatHoldsSomethingIsNotReplacedByAccident() throws Exception {
        State some = random(new Random(1));
        State other = random(new Random(2));
        OrderRefusedException e =
                assertThrows(OrderRefusedException.class, () -> new RestoreOrder(other, false).decide(some, NOW));
        assertTrue(String.valueOf(e.getMessage()).contains("--replace"), e::toString);
        assertEquals(List.of(), new RestoreOrder(some, false).decide(some, NOW).changes(), "it is so already");
        assertTrue(!new RestoreOrder(other, false)
                .decide(State.EMPTY, NOW)
                .changes()
                .isEmpty());
    }
}
