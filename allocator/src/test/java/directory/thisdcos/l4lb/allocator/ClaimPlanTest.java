package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixed addresses: who has them, and who may not. */
class ClaimPlanTest extends PlanBed {

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
}
