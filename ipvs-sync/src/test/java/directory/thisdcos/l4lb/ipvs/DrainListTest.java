package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrainListTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ServiceId.Address WEB = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80);
    private static final Endpoint ONE = Endpoint.parse("10.1.0.1:80");
    private static final Endpoint TWO = Endpoint.parse("10.1.0.2:80");

    private final Set<DestinationKey> halfClosed = new HashSet<>();
    private long nanos = Long.MAX_VALUE - 5; // it may overflow
    private static final Duration UDP_LIMIT = Duration.ofMillis(100);
    private DrainList drains =
            new DrainList(new DrainLimits(LIMIT, UDP_LIMIT), Map.of(), () -> nanos, DrainListTest::isUdp);

    private static boolean isUdp(ServiceId id) {
        return ((ServiceId.Address) id).protocol() == 17;
    }

    private static ServiceEntry entry(ServiceId id, Endpoint... servers) {
        List<KernelDestination> destinations = List.of(servers).stream()
                .map(server -> KernelDestination.masquerading(server, 1))
                .toList();
        return ServiceEntry.of(KernelService.of(id, "wlc"), destinations);
    }

    private Set<ServiceId> look(int active, int inactive) throws IOException {
        Map<Endpoint, ProcTable.Destination> shown = new HashMap<>();
        for (Endpoint server : List.of(ONE, TWO)) {
            shown.put(server, new ProcTable.Destination(Forwarding.MASQUERADE, 0, active, inactive));
        }
        return drains.end(Map.of(WEB, shown), keys -> {
            Set<DestinationKey> inUse = new HashSet<>(keys);
            inUse.retainAll(halfClosed);
            return inUse;
        });
    }

    private void follow(@Nullable ServiceEntry desired) {
        drains.follow(WEB, entry(WEB, ONE, TWO), desired);
    }

    private int weight(Endpoint server, @Nullable ServiceEntry desired) {
        return Optional.ofNullable(
                        drains.with(WEB, desired).orElseThrow().destinations().get(server))
                .map(KernelDestination::weight)
                .orElse(-1);
    }

    @Test
    void aServerGoesWhenItHasBeenIdleTwice() throws IOException {
        follow(entry(WEB, TWO));
        assertEquals(0, weight(ONE, entry(WEB, TWO)));
        assertEquals(1, weight(TWO, entry(WEB, TWO)));
        assertEquals(Set.of(), look(1, 0));
        assertEquals(Set.of(), look(0, 0));
        assertEquals(Set.of(), look(1, 0), "the client opened its next connection");
        assertEquals(Set.of(), look(0, 3));
        assertEquals(Set.of(WEB), look(0, 3), "what is left is over");
        assertEquals(-1, weight(ONE, entry(WEB, TWO)));
        assertTrue(drains.isEmpty());
    }

    @Test
    void aHalfClosedConnectionMayStillCarryAnAnswer() throws IOException {
        follow(entry(WEB, TWO));
        halfClosed.add(new DestinationKey(WEB, ONE));
        for (int i = 0; i < 5; i++) {
            assertEquals(Set.of(), look(0, 1));
        }
        halfClosed.clear();
        look(0, 1);
        assertEquals(Set.of(WEB), look(0, 1));
    }

    @Test
    void theDeadlineEndsIt() throws IOException {
        follow(entry(WEB, TWO));
        nanos += LIMIT.toNanos() - 1;
        assertEquals(Set.of(), look(5, 0));
        nanos += 1;
        assertEquals(Set.of(WEB), look(5, 0));
    }

    @Test
    void aServerThatComesBackDrainsNoMore() throws IOException {
        follow(entry(WEB, TWO));
        follow(entry(WEB, ONE, TWO));
        assertTrue(drains.isEmpty());
        assertEquals(1, weight(ONE, entry(WEB, ONE, TWO)));
    }

    @Test
    void aWholeServiceDrains() throws IOException {
        follow(null);
        assertEquals(0, weight(ONE, null));
        assertEquals(0, weight(TWO, null));
        look(0, 0);
        assertEquals(Set.of(WEB), look(0, 0));
        assertEquals(Optional.empty(), drains.with(WEB, null));
    }

    @Test
    void anEarlierRunsDeadlineHolds() throws IOException {
        drains = new DrainList(
                new DrainLimits(LIMIT, UDP_LIMIT),
                Map.of(new DestinationKey(WEB, ONE), Duration.ofSeconds(3)),
                () -> nanos,
                DrainListTest::isUdp);
        follow(null);
        drains.forgetRemembered();
        assertEquals(
                Map.of(new DestinationKey(WEB, ONE), Duration.ofSeconds(3), new DestinationKey(WEB, TWO), LIMIT),
                drains.left());
    }

    @Test
    void aServerOfDatagramsHasItsOwnTime() throws IOException {
        ServiceId.Address dns = new ServiceId.Address(Ip.of("11.0.0.1"), 17, 53);
        drains.follow(dns, entry(dns, ONE), null);
        assertTrue(drains.hasUdp());
        assertEquals(Map.of(new DestinationKey(dns, ONE), UDP_LIMIT), drains.left());
        // A client that keeps sending stays with it until then, and not longer.
        Map<Endpoint, ProcTable.Destination> busy =
                Map.of(ONE, new ProcTable.Destination(Forwarding.MASQUERADE, 0, 0, 1));
        assertEquals(Set.of(), drains.end(Map.of(dns, busy), Set::copyOf));
        nanos += UDP_LIMIT.toNanos();
        assertEquals(Set.of(dns), drains.end(Map.of(dns, busy), Set::copyOf));
        assertTrue(drains.isEmpty());
    }

    @Test
    void aLimitOfZeroRemovesAtOnce() {
        ServiceId.Address dns = new ServiceId.Address(Ip.of("11.0.0.1"), 17, 53);
        drains = new DrainList(new DrainLimits(Duration.ZERO, UDP_LIMIT), Map.of(), () -> nanos, DrainListTest::isUdp);
        follow(null);
        drains.follow(dns, entry(dns, ONE), null);
        assertTrue(drains.isEmpty());
    }

    @Test
    void forgetsWhatSomebodyElseRemoved() {
        follow(null);
        drains.keepOnly(Map.of(WEB, entry(WEB, TWO)));
        assertEquals(-1, weight(ONE, null));
        drains.keepOnly(Map.of());
        assertTrue(drains.isEmpty());
        assertTrue(drains.takeChanged());
        assertFalse(drains.takeChanged());
    }
}
