package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random sources against a small pool, so that collisions, claims, quarantine and exhaustion all meet. */
class PlannerPropertyTest {
    private static final int STEPS = 200;
    private static final Pools PLAIN =
            new Pools(IpRange.parse("11.0.0.0-11.0.0.20"), IpRange.parse("fd01:c::-fd01:c::14"));
    private static final DangerousAddresses DANGER = new DangerousAddresses(Map.of());
    private static final List<String> SOURCES = List.of("a", "b", "c");

    /** Two pools of each family, one of them for some names; sometimes a part is reserved, or one drains. */
    private static Pools several(Random random) {
        Pool all = Pool.of("all", IpRange.parse("11.0.0.0-11.0.0.14"));
        Pool kafka = Pool.of("kafka", IpRange.parse("11.0.0.15-11.0.0." + (15 + random.nextInt(6))))
                .withSuffixes(List.of("kafka.marathon"));
        return new Pools(
                List.of(
                        random.nextBoolean()
                                ? all
                                : all.withReserved(
                                        List.of(IpRange.parse("11.0.0.3-11.0.0." + (3 + random.nextInt(9))))),
                        kafka.withDraining(random.nextInt(3) == 0),
                        Pool.of("six", IpRange.parse("fd01:c::-fd01:c::14")),
                        Pool.of("six-kafka", IpRange.parse("fd02:c::-fd02:c::3"))
                                .withSuffixes(List.of("kafka.marathon"))),
                random.nextBoolean() ? List.of() : List.of(IpRange.parse("11.0.0.21-11.0.0.22")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyStepIsSound(long seed) {
        Random random = new Random(seed);
        Pools pools = seed % 2 == 0 ? PLAIN : several(random);
        long now = 0;
        Planner planner = new Planner(pools, new Quarantine(Duration.ofMillis(20), now), BalancingOptions.NONE);
        Inventory inventory = inventory();
        Set<Target> troubled = new HashSet<>();
        State state = State.EMPTY;
        int narrowPlans = 0;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(10);
            boolean hasOtherPools = seed % 2 != 0 && random.nextInt(20) == 0;
            if (hasOtherPools) {
                // As after a restart with other settings.
                pools = several(random);
                planner = new Planner(pools, new Quarantine(Duration.ofMillis(20), now), BalancingOptions.NONE);
            }
            if (random.nextInt(25) == 0) {
                inventory = inventory();
            } else {
                Said said = random(random);
                inventory.apply(update(said, random), now);
            }
            Plan plan = planner.plan(state, inventory, Scope.ALL, DANGER, now);
            Inventory.Touched touched = inventory.touched();
            if (planner.nextExpiry(state, now) > now && !hasOtherPools) {
                Scope scope = Scopes.of(touched, inventory, state, troubled);
                Plan narrow = planner.plan(state, inventory, scope, DANGER, now);
                assertEquals(
                        state.fold(plan.changes()).hash(),
                        state.fold(narrow.changes()).hash(),
                        () -> plan.changes() + " or " + narrow.changes());
                narrowPlans += scope.all() ? 0 : 1;
            }
            troubled = plan.problems().keySet();
            State next = state;
            for (Change change : plan.changes()) {
                next = next.fold(List.of(change));
                assertNoAddressTwice(next);
                assertNoMarkTwice(next);
            }
            assertEquals(next.hash(), state.fold(plan.changes()).hash());
            assertStable(state, next);
            assertFromPools(state, next, pools);
            if (inventory.isSettled()) {
                assertIsDesired(next, inventory, plan);
            }
            Plan again = planner.plan(next, inventory, Scope.ALL, DANGER, now);
            assertEquals(List.of(), again.changes(), "seed " + seed + " step " + step);
            state = next;
        }
        assertTrue(narrowPlans > STEPS / 10, "only " + narrowPlans + " plans looked at a part");
    }

    private static Inventory inventory() {
        return new Inventory(Set.copyOf(SOURCES), new FlapDamper(FlapSettings.OFF));
    }

    private static SourceUpdate update(Said said, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> said.part();
            case 1, 2 -> said.all();
            default -> said.unit("unit" + random.nextInt(4));
        };
    }

    private static Said random(Random random) {
        String source = SOURCES.get(random.nextInt(SOURCES.size()));
        Said said = new Said(source);
        int apps = random.nextInt(14);
        for (int i = 0; i < apps; i++) {
            String label = random.nextInt(12) == 0
                    ? "11.0.0." + random.nextInt(24) + ":80"
                    : "name" + random.nextInt(24) + (random.nextInt(4) == 0 ? ".kafka:" : ":")
                            + (80 + random.nextInt(2));
            String[] backends = new String[random.nextInt(4)];
            for (int b = 0; b < backends.length; b++) {
                boolean isSix = !label.startsWith("11.") && random.nextInt(5) == 0;
                backends[b] =
                        (isSix ? "[fd01:b::" + random.nextInt(5) + "]" : "10.0.0." + random.nextInt(5)) + ":" + 8000;
            }
            Health health = List.of(Health.values()).get(random.nextInt(Health.values().length));
            said.app("/app" + random.nextInt(4), label, health, backends);
            if (random.nextInt(6) == 0) {
                said.options("/app" + random.nextInt(4), label, "fwmark=" + (1 + random.nextInt(3)));
            }
        }
        return said;
    }

    private static void assertNoAddressTwice(State state) {
        Map<Ip, String> users = new HashMap<>();
        state.vips().forEach(vip -> {
            boolean counts = vip.allocation().isPresent() || vip.target() instanceof FixedAddress;
            for (Ip ip : counts ? vip.addresses() : List.<Ip>of()) {
                String other = users.put(ip, vip.target().text());
                assertEquals(null, other, () -> ip + " of " + vip.target() + " is taken by " + other);
            }
            if (vip.target() instanceof ServiceName && !vip.services().isEmpty()) {
                assertTrue(vip.allocation().isPresent(), () -> vip.target() + " has services and no address");
            }
        });
    }

    private static void assertNoMarkTwice(State state) {
        Map<Integer, Target> holders = new HashMap<>();
        state.vips().flatMap(vip -> vip.services().stream()).forEach(service -> {
            int mark = service.spec().balancing().fwmark();
            Target target = service.key().target();
            Target other = mark == 0 ? target : holders.computeIfAbsent(mark, first -> target);
            assertEquals(target, other, () -> "fwmark " + mark);
        });
    }

    private static void assertStable(State before, State after) {
        before.vips()
                .flatMap(vip -> vip.allocation().stream())
                .forEach(old -> after.allocation(old.name()).ifPresent(held -> {
                    assertEquals(old.address(), held.address());
                    old.address6()
                            .ifPresent(six -> assertEquals(six, held.address6().orElseThrow()));
                }));
    }

    /** Every new address is one that the pools give this name, or was its own. */
    private static void assertFromPools(State before, State after, Pools pools) {
        after.vips().flatMap(vip -> vip.allocation().stream()).forEach(now -> {
            List<Ip> old =
                    before.allocation(now.name()).map(Allocation::addresses).orElse(List.of());
            for (Ip ip : now.addresses()) {
                assertTrue(
                        old.contains(ip)
                                || pools.candidates(now.name(), ip.family()).stream()
                                        .anyMatch(pool -> pool.mayAllocate(ip)),
                        () -> now + " from " + pools);
            }
        });
        after.vips().filter(vip -> vip.target() instanceof FixedAddress).forEach(vip -> {
            Ip ip = vip.addresses().get(0);
            assertTrue(before.isClaimed(ip) || pools.mayClaim(ip), () -> ip + " is not in " + pools);
        });
    }

    private static void assertIsDesired(State state, Inventory inventory, Plan plan) {
        Desired desired = Desired.of(State.EMPTY, inventory, Scope.ALL, 0);
        Map<String, Integer> refused = new HashMap<>();
        plan.problems().values().stream()
                .flatMap(List::stream)
                .filter(problem -> List.of("pool-exhausted", "address-taken", "dangerous-vip", "claim-not-allowed")
                        .contains(problem.kind()))
                .forEach(problem -> refused.merge(problem.subject(), 1, Integer::sum));
        desired.targets().forEach((target, services) -> {
            if (!refused.containsKey(target.text())) {
                Vip vip = state.vip(target).orElseThrow();
                assertTrue(vip.isLive());
                services.forEach((key, service) -> {
                    assertEquals(
                            service.backends(), vip.service(key).orElseThrow().backends());
                    assertEquals(
                            service.origins(),
                            vip.service(key).orElseThrow().spec().origins());
                });
            }
        });
        state.vips().forEach(vip -> {
            boolean isWanted = desired.targets().containsKey(vip.target());
            assertEquals(isWanted, !vip.services().isEmpty(), () -> vip.target() + " refused: " + refused);
            assertEquals(
                    isWanted && vip.target() instanceof ServiceName,
                    vip.allocation().filter(Allocation::isAllocated).isPresent());
        });
    }
}
