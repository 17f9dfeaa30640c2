package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.SourceUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    private static final Duration QUARANTINE = Duration.ofMinutes(10);
    private static final DangerousAddresses NO_DANGER = new DangerousAddresses(Map.of());
    private static final Pools TINY =
            new Pools(IpRange.parse("11.0.0.1-11.0.0.2"), IpRange.parse("fd01:c::1-fd01:c::2"));

    private long now = 1000;
    private long watchedFrom;
    private Pools pools = Pools.DEFAULT;
    private DangerousAddresses danger = NO_DANGER;
    private Inventory inventory = inventory("a", "b");
    private State state = State.EMPTY;
    private Plan plan = new Plan(List.of(), new TreeMap<>());

    private static Inventory inventory(String... sources) {
        return new Inventory(Set.of(sources), new FlapDamper(FlapSettings.OFF));
    }

    private void say(SourceUpdate... updates) {
        for (SourceUpdate update : updates) {
            inventory.apply(update, now);
        }
        run();
    }

    private void run() {
        Planner planner = new Planner(pools, new Quarantine(QUARANTINE, watchedFrom), BalancingOptions.NONE);
        plan = planner.plan(state, inventory, Scope.ALL, danger, now);
        state = state.fold(plan.changes());
        Plan again = planner.plan(state, inventory, Scope.ALL, danger, now);
        assertEquals(List.of(), again.changes(), "a second plan changes nothing");
        assertEquals(plan.problems(), again.problems());
    }

    private List<Problem> found() {
        return plan.problems().values().stream().flatMap(List::stream).toList();
    }

    private Allocation allocation(String label) {
        return state.allocation(Said.name(label)).orElseThrow();
    }

    private VirtualService service(String label) {
        return state.service(Said.key(label)).orElseThrow();
    }

    private List<String> problems() {
        return found().stream()
                .map(problem -> problem.kind() + " " + problem.subject())
                .toList();
    }

    @Test
    void aNameGetsTheAddressOfDcosNetAndKeepsIt() {
        say(new Said("a").app("/foo:80", "10.0.0.1:1").all());
        Allocation first = allocation("/foo:80");
        assertEquals(Ip.of("11.64.238.105"), first.address());
        assertEquals(Optional.empty(), first.address6());
        assertEquals(Optional.of(Pools.DEFAULT), state.pools());
        now = 2000;
        say(new Said("a")
                .app("/foo:80", "10.0.0.2:1", "[fd01:b::1]:1")
                .app("foo:81")
                .all());
        assertEquals(first.address(), allocation("/foo:80").address());
        assertEquals(
                Optional.of(Ip.of("fd01:c::71d:4de:6197:4a34")),
                allocation("/foo:80").address6());
        assertEquals(1000, allocation("/foo:80").since());
        assertEquals(1000, service("/foo:80").spec().since());
        assertEquals(2000, service("/foo:81").spec().since());
        assertEquals(
                Set.of(Endpoint.parse("10.0.0.2:1"), Endpoint.parse("[fd01:b::1]:1")),
                service("/foo:80").backends().keySet());
        say(new Said("a").app("/foo:80").all());
        assertTrue(allocation("/foo:80").address6().isPresent(), "an IPv6 address is kept once it is there");
        assertTrue(service("/foo:80").backends().isEmpty());
    }

    @Test
    void balancingFollowsTheLabelsAndIsKeptWhileTheirSourceIsSilent() {
        say(new Said("a").options("/x", "x:80", "scheduler=sh").all());
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler());
        inventory = inventory("a");
        run();
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler(), "the source has not spoken yet");
        say(new Said("a").options("/x", "x:80", "scheduler=mh flags=fallback").all());
        assertEquals(
                Balancing.of(Scheduler.MH).withHashPort(false),
                service("x:80").spec().balancing());
        say(new Said("a").app("x:80").all());
        assertEquals(Balancing.DEFAULT, service("x:80").spec().balancing());
    }

    @Test
    void allPortsOfANamePersist() {
        say(new Said("a")
                .options("/x", "x:*", "scheduler=rr")
                .options("/y", "y:*", "persistenceSeconds=0")
                .all());
        assertEquals(
                Balancing.of(Scheduler.RR).withPersistence(300),
                service("x:*").spec().balancing());
        assertEquals(
                Balancing.DEFAULT.withPersistence(300), service("y:*").spec().balancing());
        assertEquals(List.of("vip-option y.marathon.l4lb.thisdcos.directory:0/tcp"), problems());
    }

    @Test
    void optionsThatContradictAreAProblem() {
        say(new Said("a")
                .options("/x", "x:80", "scheduler=sh onePacket=true")
                .options("/y", "x:80", "scheduler=rr")
                .all());
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler());
        assertEquals(
                List.of(
                        "vip-option x.marathon.l4lb.thisdcos.directory:80/tcp",
                        "vip-option x.marathon.l4lb.thisdcos.directory:80/tcp"),
                problems());
    }

    @Test
    void aProcessThatAsksNobodyWithdrawsNothing() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").all(),
                new Said("b").app("y:80").all());
        State before = state;
        inventory = inventory();
        run();
        assertEquals(before.hash(), state.hash(), plan.changes()::toString);
    }

    @Test
    void changesAreMinimal() {
        say(new Said("a").app("x:80", "10.0.0.1:1", "10.0.0.2:1").app("y:80").all());
        say(new Said("a").app("x:80", "10.0.0.1:1", "10.0.0.3:1").app("y:80").all());
        assertEquals(2, plan.changes().size(), plan.changes()::toString);
        assertTrue(plan.changes().get(0) instanceof Change.BackendPut, "the new one comes before the old one goes");
        assertTrue(plan.changes().get(1) instanceof Change.BackendRemoved);
    }

    @Test
    void aNameThatGoesIsQuarantinedAndComesBackToItsAddress() {
        say(new Said("a").app("x:80").all(), new Said("b").all());
        Ip address = allocation("x:80").address();
        now = 2000;
        say(new Said("a").all());
        assertEquals(Status.QUARANTINED, allocation("x:80").status());
        assertEquals(2000, allocation("x:80").since());
        assertTrue(state.service(Said.key("x:80")).isEmpty());
        assertEquals(
                2000 + QUARANTINE.toMillis(),
                new Planner(pools, new Quarantine(QUARANTINE, 0), BalancingOptions.NONE).nextExpiry(state, now));
        now += QUARANTINE.toMillis() - 1;
        say(new Said("a").app("x:80").all());
        assertEquals(
                new Allocation(Said.name("x:80"), address, Optional.empty(), Status.ALLOCATED, now, "/x:80"),
                allocation("x:80"));
        say(new Said("a").all());
        now += QUARANTINE.toMillis();
        run();
        assertEquals(Optional.empty(), state.vip(Said.name("x:80")));
    }

    @Test
    void quarantinedAddressesAreNotGivenAway() {
        pools = TINY;
        say(new Said("a").app("x:80").app("y:80").all());
        say(new Said("a").app("x:80").app("z:80").all());
        assertEquals(List.of("pool-exhausted z.marathon.l4lb.thisdcos.directory"), problems());
        assertTrue(state.vip(Said.name("z:80")).isEmpty());
        now += QUARANTINE.toMillis();
        run();
        assertEquals(List.of(), problems());
        assertTrue(allocation("z:80").isAllocated());
    }

    @Test
    void exhaustionCostsOnlyTheLateNames() {
        pools = TINY;
        say(new Said("a").app("x:80").app("y:80").all());
        Ip x = allocation("x:80").address();
        say(new Said("a").app("a:80").app("b:80").app("x:80").app("y:80").all());
        assertEquals(
                List.of(
                        "pool-exhausted a.marathon.l4lb.thisdcos.directory",
                        "pool-exhausted b.marathon.l4lb.thisdcos.directory"),
                problems());
        assertEquals(x, allocation("x:80").address());
    }

    @Test
    void claimsOfOneLoadGoBeforeNames() {
        say(new Said("a").app("/foo:80").app("11.64.238.105:80", "10.0.0.1:1").all());
        assertTrue(state.isClaimed(Ip.of("11.64.238.105")));
        assertEquals(Ip.of("11.64.238.106"), allocation("foo:80").address());
    }

    @Test
    void aHeldAddressIsRefusedToAClaim() {
        say(new Said("a").app("/foo:80").all(), new Said("b").all());
        say(new Said("b").app("11.64.238.105:80").all());
        assertEquals(List.of("address-taken 11.64.238.105"), problems());
        assertTrue(found().get(0).message().contains("foo.marathon.l4lb.thisdcos.directory has this address"));
        assertTrue(!state.isClaimed(Ip.of("11.64.238.105")));
        say(new Said("a").all());
        assertTrue(found().get(0).message().contains("may come back"));
        now += QUARANTINE.toMillis();
        run();
        assertEquals(List.of(), problems());
        assertTrue(state.isClaimed(Ip.of("11.64.238.105")));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, loopback",
        "0.0.0.0, not a host's",
        "224.0.0.1, multicast",
        "255.255.255.255, broadcast",
        "169.254.1.1, link-local",
        "::, unspecified",
        "::1, loopback",
        "ff02::1, multicast",
        "fe80::1, link-local",
        "::ffff:1.2.3.4, IPv4-mapped",
        "10.0.0.9, agent",
        "10.0.0.1, backend",
        "10.0.0.53, upstream"
    })
    void dangerousClaimsAreRefused(String address, String reason) {
        danger = new DangerousAddresses(Map.of(Ip.of("10.0.0.53"), "the upstream resolver"));
        String label = address.contains(":") ? "[" + address + "]:80" : address + ":80";
        say(new Said("a").node("10.0.0.9").app("x:80", "10.0.0.1:1").app(label).all());
        assertEquals(List.of("dangerous-vip " + Ip.of(address)), problems());
        assertTrue(found().get(0).message().contains(reason), found().get(0)::toString);
        assertTrue(state.service(Said.key(label)).isEmpty());
        assertTrue(state.service(Said.key("x:80")).isPresent());
    }

    @Test
    void aClaimThatBecomesDangerousIsWithdrawn() {
        say(new Said("a").app("1.2.3.4:80").all());
        assertTrue(state.isClaimed(Ip.of("1.2.3.4")));
        say(new Said("b").node("1.2.3.4").all());
        assertTrue(!state.isClaimed(Ip.of("1.2.3.4")));
    }

    @Test
    void sourcesShareAService() {
        say(
                new Said("a")
                        .app("/blue", "x:80", Health.UNCHECKED, "10.0.0.1:1", "10.0.0.2:1")
                        .all(),
                new Said("b")
                        .app("/green", "/x:80", Health.HEALTHY, "10.0.0.2:1", "10.0.0.3:1")
                        .all());
        assertEquals(3, service("x:80").backends().size());
        assertEquals(2, service("x:80").spec().origins().size());
        assertEquals(List.of(), problems(), "a leading slash is no collision");
        say(new Said("a").all());
        assertEquals(2, service("x:80").backends().size());
        assertTrue(service("x:80").backends().values().stream()
                .allMatch(backend -> backend.source().equals("b")));
        assertTrue(allocation("x:80").isAllocated());
    }

    @Test
    void collisionsAreOneServiceAndReported() {
        say(new Said("a")
                .app("/a/b:80", "10.0.0.1:1")
                .app("/ab:80", "10.0.0.2:1")
                .all());
        assertEquals(List.of("name-collision ab.marathon.l4lb.thisdcos.directory:80/tcp"), problems());
        assertTrue(service("ab:80").spec().isCollision());
        assertEquals(2, service("ab:80").backends().size());
    }

    @Test
    void nothingGoesBeforeASourceToldEverything() {
        say(
                new Said("a")
                        .app("x:80", "10.0.0.1:1", "10.0.0.2:1")
                        .app("z:80", "10.0.0.1:3")
                        .all(),
                new Said("b").app("y:80", "10.0.0.1:2").app("1.2.3.4:80").all());
        State before = state;
        inventory = inventory("a", "b");
        run();
        assertEquals(before.hash(), state.hash(), "after a restart nothing changes");
        say(new Said("a").app("x:80", "10.0.0.2:1", "10.0.0.3:1").part());
        assertEquals(3, service("x:80").backends().size());
        assertTrue(state.service(Said.key("z:80")).isPresent());
        say(new Said("a").app("x:80", "10.0.0.2:1").part());
        assertEquals(2, service("x:80").backends().size(), "what was mentioned since the start may go");
        say(new Said("a").app("x:80", "10.0.0.2:1").all());
        assertEquals(2, service("x:80").backends().size(), "b has told nothing yet");
        assertTrue(state.service(Said.key("z:80")).isPresent());
        say(new Said("b").all());
        assertEquals(1, service("x:80").backends().size());
        assertTrue(state.service(Said.key("z:80")).isEmpty());
        assertTrue(state.service(Said.key("y:80")).isEmpty());
        assertTrue(!state.isClaimed(Ip.of("1.2.3.4")));
    }

    @Test
    void afterTheGraceASilentSourceKeepsOnlyItsOwnPart() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").app("z:80").all(),
                new Said("b").app("y:80", "10.0.0.2:1").all());
        inventory = inventory("a", "b");
        say(new Said("a").app("x:80", "10.0.0.1:1").all());
        assertTrue(state.service(Said.key("z:80")).isPresent());
        inventory.endGrace();
        run();
        assertTrue(state.service(Said.key("z:80")).isEmpty(), "a told everything");
        assertEquals(1, service("y:80").backends().size(), "b has told nothing yet");
        inventory.forget("b", now);
        run();
        assertTrue(state.service(Said.key("y:80")).isEmpty(), "an operator said so");
        assertEquals(1, service("x:80").backends().size());
    }

    @Test
    void aFrozenSourceChangesNothingUntilItIsThawed() {
        say(new Said("a").app("x:80", "10.0.0.1:1").all(), new Said("b").all());
        inventory.freeze("a", true, now);
        say(new Said("a").all());
        say(new Said("a").app("n:80", "10.0.0.3:1").unit("n"));
        assertEquals(List.of(), plan.changes());
        assertEquals(Optional.of(2), inventory.held("a"));
        inventory.freeze("a", false, now);
        run();
        assertTrue(state.service(Said.key("x:80")).isEmpty());
        assertEquals(1, service("n:80").backends().size());
    }

    @Test
    void aFlappingBackendIsHeldBack() {
        inventory = new Inventory(
                Set.of("a"), new FlapDamper(new FlapSettings(2, Duration.ofSeconds(10), Duration.ofSeconds(30))));
        for (int i = 0; i < 2; i++) {
            say(new Said("a").app("/x", "x:80", Health.HEALTHY, "10.0.0.1:1").all());
            assertEquals(1, backend("x:80").weight());
            now += 1_000;
            say(new Said("a").app("/x", "x:80", Health.UNHEALTHY, "10.0.0.1:1").all());
            assertEquals(0, backend("x:80").weight());
        }
        say(new Said("a").app("/x", "x:80", Health.HEALTHY, "10.0.0.1:1").all());
        assertEquals(Health.FLAPPING, backend("x:80").health());
        assertEquals(0, backend("x:80").weight());
        assertEquals(List.of("flapping x.marathon.l4lb.thisdcos.directory:80/tcp 10.0.0.1:1"), problems());
        now += 30_000;
        assertTrue(inventory.damper().nextRelease() <= now);
        assertEquals(Set.of(Said.key("x:80")), Set.copyOf(inventory.damper().released(now)));
        run();
        assertEquals(Health.HEALTHY, backend("x:80").health());
        assertEquals(List.of(), problems());
    }

    private Backend backend(String label) {
        return service(label).backends().values().iterator().next();
    }

    @Test
    void aSourceThatIsNotConfiguredAnyMoreLosesItsPart() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").all(),
                new Said("b").app("x:80", "10.0.0.2:1").app("y:80").all());
        inventory = inventory("a");
        run();
        assertEquals(List.of(), plan.changes());
        say(new Said("a").app("x:80", "10.0.0.1:1").all());
        assertEquals(1, service("x:80").backends().size());
        assertEquals(1, service("x:80").spec().origins().size());
        assertEquals(Status.QUARANTINED, allocation("y:80").status());
        say(new Said("b").app("y:80").all());
        assertEquals(Status.QUARANTINED, allocation("y:80").status(), "it does not count");
    }

    @Test
    void aNewPoolMovesNobody() {
        say(new Said("a").app("x:80").all());
        Ip address = allocation("x:80").address();
        pools = TINY;
        say(new Said("a").app("x:80").app("y:80").all());
        assertEquals(address, allocation("x:80").address());
        assertEquals(List.of("outside-pool x.marathon.l4lb.thisdcos.directory"), problems());
        assertTrue(TINY.contains(allocation("y:80").address()));
        assertEquals(Optional.of(TINY), state.pools());
    }

    private static final Pool SMALL = Pool.of("small", IpRange.parse("11.0.0.0-11.0.0.7"))
            .withReserved(List.of(IpRange.parse("11.0.0.0-11.0.0.3")));
    private static final Pool KAFKA =
            Pool.of("kafka", IpRange.parse("12.0.0.0-12.0.0.1")).withSuffixes(List.of("kafka.marathon"));
    private static final Pool SIX = Pool.of("six", IpRange.parse("fd01:c::/64"));
    private static final Pool SIX_KAFKA =
            Pool.of("six-kafka", IpRange.parse("fd02:c::/64")).withSuffixes(List.of("kafka.marathon"));

    private static Pools several(Pool... list) {
        return new Pools(List.of(list), List.of());
    }

    @Test
    void eachNameGetsItsAddressesInItsPools() {
        pools = several(SMALL, KAFKA, SIX, SIX_KAFKA);
        say(new Said("a")
                .app("x:80", "[fd07::1]:1")
                .app("y:80")
                .app("b.kafka:80", "[fd07::1]:1")
                .app("c.kafka:80")
                .app("d.kafka:80")
                .all());
        for (String name : List.of("x:80", "y:80")) {
            assertTrue(SMALL.mayAllocate(allocation(name).address()), () -> name + " " + allocation(name));
        }
        for (String name : List.of("b.kafka:80", "c.kafka:80")) {
            assertTrue(KAFKA.contains(allocation(name).address()), () -> name + " " + allocation(name));
        }
        assertTrue(SIX.contains(allocation("x:80").address6().orElseThrow()));
        assertTrue(SIX_KAFKA.contains(allocation("b.kafka:80").address6().orElseThrow()));
        assertEquals(List.of("pool-exhausted d.kafka.marathon.l4lb.thisdcos.directory"), problems());
        assertTrue(found().get(0).message().contains("kafka (12.0.0.0-12.0.0.1)"), found()::toString);
    }

    @Test
    void aNameForWhichNoPoolIsThereIsReported() {
        pools = several(KAFKA, SIX);
        say(new Said("a").app("x:80").app("b.kafka:80").all());
        assertTrue(allocation("b.kafka:80").isAllocated());
        assertEquals(List.of("pool-exhausted x.marathon.l4lb.thisdcos.directory"), problems());
        assertTrue(found().get(0).message().startsWith("no pool for V4 is for this name"), found()::toString);
    }

    @Test
    void aPoolThatDrainsKeepsItsNamesAndGetsNoNewOnes() {
        pools = several(SMALL, SIX);
        say(new Said("a").app("x:80").app("gone:80").all(), new Said("b").all());
        Ip kept = allocation("x:80").address();
        Ip quarantined = allocation("gone:80").address();
        say(new Said("a").app("x:80").all());
        Pool next = Pool.of("next", IpRange.parse("13.0.0.0/24"));
        pools = several(SMALL.withDraining(true), next, SIX);
        say(new Said("a").app("x:80").app("y:80").app("gone:80").all());
        assertEquals(kept, allocation("x:80").address());
        assertTrue(next.contains(allocation("y:80").address()));
        assertEquals(quarantined, allocation("gone:80").address(), "what comes back in time is not new");
        assertEquals(List.of(), problems());
        pools = several(SMALL.withDraining(true), SIX);
        say(new Said("a").app("x:80").app("z:80").all());
        assertEquals(
                "draining",
                found().stream()
                        .filter(problem -> problem.kind().equals("pool-exhausted"))
                        .findFirst()
                        .orElseThrow()
                        .message()
                        .replaceAll(".*, (draining)\\).*", "$1"));
    }

    @Test
    void aPartThatIsReservedLaterIsReported() {
        pools = several(SMALL, SIX);
        say(new Said("a").app("x:80").all());
        Ip address = allocation("x:80").address();
        pools = several(SMALL.withReserved(List.of(SMALL.range())), SIX);
        run();
        assertEquals(address, allocation("x:80").address());
        assertEquals(List.of("in-reserved-part x.marathon.l4lb.thisdcos.directory"), problems());
    }

    @Test
    void claimsKeepToTheAllowListButAreNotWithdrawnForIt() {
        pools = new Pools(List.of(SMALL, SIX), List.of(IpRange.parse("3.3.0.0/16")));
        say(new Said("a").app("3.3.0.6:80").app("4.4.0.6:80").app("11.0.0.1:80").all());
        assertEquals(List.of("claim-not-allowed 4.4.0.6"), problems());
        assertTrue(state.isClaimed(Ip.of("3.3.0.6")));
        assertTrue(state.isClaimed(Ip.of("11.0.0.1")), "a reserved part is for claims");
        assertTrue(!state.isClaimed(Ip.of("4.4.0.6")));
        pools = new Pools(List.of(SMALL, SIX), List.of(IpRange.parse("4.4.0.0/16")));
        run();
        assertTrue(state.isClaimed(Ip.of("4.4.0.6")));
        assertTrue(state.isClaimed(Ip.of("3.3.0.6")));
        assertEquals(List.of("claim-not-allowed 3.3.0.6"), problems());
        assertTrue(found().get(0).message().contains("is kept"), found()::toString);
    }

    @Test
    void aQuarantineIsNotShortenedByAClockThatJumped() {
        say(new Said("a").app("x:80").all(), new Said("b").all());
        say(new Said("a").all());
        assertEquals(Status.QUARANTINED, allocation("x:80").status());
        // Another process takes over with a clock that is a year ahead.
        now += Duration.ofDays(365).toMillis();
        watchedFrom = now;
        run();
        now += QUARANTINE.toMillis() - 1;
        run();
        assertEquals(Status.QUARANTINED, allocation("x:80").status());
        now += 1;
        run();
        assertEquals(Optional.empty(), state.vip(Said.name("x:80")));
    }

    @Test
    void aQuarantineFromTheFutureEndsInTime() {
        now = Duration.ofDays(365).toMillis();
        say(new Said("a").app("x:80").all(), new Said("b").all());
        say(new Said("a").all());
        // The next process has a clock that is a year behind.
        now = 5000;
        watchedFrom = now;
        run();
        assertEquals(
                now + QUARANTINE.toMillis(),
                new Planner(pools, new Quarantine(QUARANTINE, watchedFrom), BalancingOptions.NONE)
                        .nextExpiry(state, now));
        now += QUARANTINE.toMillis();
        run();
        assertEquals(Optional.empty(), state.vip(Said.name("x:80")));
    }

    private void hold(String label, UnaryOperator<Hold> change) {
        Allocation held = allocation(label);
        state = state.fold(List.of(new Change.AllocationPut(held.withHold(change.apply(held.hold())))));
    }

    @Test
    void aReservedNameKeepsItsAddressWithoutAService() {
        say(new Said("a").app("x:80").all(), new Said("b").all());
        hold("x:80", hold -> hold.withReserved(true));
        say(new Said("a").all());
        assertTrue(allocation("x:80").isAllocated());
        assertTrue(state.service(Said.key("x:80")).isEmpty());
        hold("x:80", hold -> hold.withReserved(false));
        run();
        assertEquals(Status.QUARANTINED, allocation("x:80").status());
    }

    @Test
    void aFormerAddressIsNobodysUntilItsQuarantineIsOver() {
        pools = TINY;
        say(new Said("a").app("x:80").all(), new Said("b").all());
        Ip free = TINY.v4().first().equals(allocation("x:80").address())
                ? TINY.v4().last()
                : TINY.v4().first();
        hold("x:80", hold -> hold.withFormer(List.of(new Hold.Former(free, now))));
        say(new Said("a").app("x:80").app("y:80").app(free + ":80").all());
        assertEquals(List.of("pool-exhausted y.marathon.l4lb.thisdcos.directory", "address-taken " + free), problems());
        now += QUARANTINE.toMillis();
        Planner planner = new Planner(pools, new Quarantine(QUARANTINE, watchedFrom), BalancingOptions.NONE);
        assertEquals(now, planner.nextExpiry(state, now));
        state = state.fold(
                planner.plan(state, inventory, Scope.ALL, danger, now).changes());
        run();
        assertEquals(Hold.NONE, allocation("x:80").hold());
        assertTrue(state.isClaimed(free));
    }
}
