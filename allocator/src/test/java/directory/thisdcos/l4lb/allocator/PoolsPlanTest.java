package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pools that are added, drained, or for some names only. */
class PoolsPlanTest extends PlanBed {

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
}
