package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Addresses that were released, or are kept for a name. */
class QuarantinePlanTest extends PlanBed {

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
