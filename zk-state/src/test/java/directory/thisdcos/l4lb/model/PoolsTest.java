package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolsTest {
    private static final Pool BIG =
            Pool.of("big", IpRange.parse("11.0.0.0/8")).withReserved(List.of(IpRange.parse("11.0.0.0/24")));
    private static final Pool KAFKA =
            Pool.of("kafka", IpRange.parse("12.0.0.0/24")).withSuffixes(List.of("kafka", "team-a.marathon"));
    private static final Pool SIX = Pool.of("six", IpRange.parse("fd01:c::/64"));
    private static final Pools POOLS = new Pools(List.of(BIG, KAFKA, SIX), List.of(IpRange.parse("3.3.0.0/16")));

    private static ServiceName name(String prefix) {
        return new ServiceName(prefix + "." + ServiceName.ZONE);
    }

    private static void refused(String reason, Runnable make) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, make::run);
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    }

    @Test
    void aNameGoesToThePoolOfItsLongestSuffix() {
        assertEquals(List.of(KAFKA), POOLS.candidates(name("broker.kafka"), Family.V4));
        assertEquals(List.of(KAFKA), POOLS.candidates(name("web.team-a.marathon"), Family.V4));
        assertEquals(List.of(BIG), POOLS.candidates(name("web.marathon"), Family.V4));
        assertEquals(List.of(BIG), POOLS.candidates(name("broker.notkafka"), Family.V4));
        assertEquals(List.of(SIX), POOLS.candidates(name("broker.kafka"), Family.V6));
        Pools onlyKafka = new Pools(List.of(KAFKA, SIX), List.of());
        assertEquals(List.of(), onlyKafka.candidates(name("web.marathon"), Family.V4));
    }

    @Test
    void reservedPartsAndDrainingPoolsGiveNoNewAddress() {
        assertTrue(BIG.mayAllocate(Ip.of("11.0.1.0")));
        assertFalse(BIG.mayAllocate(Ip.of("11.0.0.255")));
        assertFalse(BIG.mayAllocate(Ip.of("12.0.0.1")));
        assertFalse(BIG.withDraining(true).mayAllocate(Ip.of("11.0.1.0")));
        assertTrue(BIG.withDraining(true).contains(Ip.of("11.0.1.0")), "what is there is ours still");
        assertEquals(Optional.of(KAFKA), POOLS.poolOf(Ip.of("12.0.0.9")));
        assertTrue(POOLS.contains(Ip.of("11.0.0.1")));
        assertEquals(BigInteger.valueOf((1 << 24) - 256), BIG.allocatable());
        assertFalse(POOLS.contains(Ip.of("13.0.0.1")));
    }

    @Test
    void theAllowListIsForClaimsOutsideThePools() {
        assertTrue(POOLS.mayClaim(Ip.of("3.3.0.6")));
        assertTrue(POOLS.mayClaim(Ip.of("11.0.0.6")));
        assertFalse(POOLS.mayClaim(Ip.of("3.4.0.6")));
        assertTrue(Pools.DEFAULT.mayClaim(Ip.of("3.4.0.6")));
    }

    @Test
    void plainPoolsKeepTheHashOfEarlierReleases() {
        assertTrue(Pools.DEFAULT.isPlain());
        long before = new Digest()
                .add("pools")
                .add("11.0.0.0-11.255.255.255")
                .add("fd01:c::-fd01:c::ffff:ffff:ffff:ffff")
                .value();
        assertEquals(before, Digest.of(Pools.DEFAULT));
        Pools other = new Pools(List.of(BIG.withReserved(List.of()), SIX), List.of());
        assertNotEquals(Digest.of(other), Digest.of(new Pools(BIG.range(), SIX.range())));
    }

    @Test
    void whatCannotBeIsRefused() {
        refused("two pools are called", () -> new Pools(List.of(BIG, BIG, SIX), List.of()));
        refused("overlap", () -> new Pools(List.of(BIG, Pool.of("b", IpRange.parse("11.9.0.0/16")), SIX), List.of()));
        refused("no pool for V6", () -> new Pools(List.of(BIG), List.of()));
        refused("not within", () -> BIG.withReserved(List.of(IpRange.parse("10.0.0.0/8"))));
        refused(
                "overlaps another",
                () -> BIG.withReserved(List.of(IpRange.parse("11.0.0.0/16"), IpRange.parse("11.0.9.0/24"))));
        refused("no name for a pool", () -> Pool.of("Big One", BIG.range()));
        refused("no end of a name", () -> BIG.withSuffixes(List.of(".kafka")));
        refused("wrong family", () -> new Pools(SIX.range(), BIG.range()));
    }
}
