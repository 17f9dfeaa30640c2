package directory.thisdcos.l4lb.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Ip;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostAddressesTest {
    private static final Optional<Ip> FOUND = Optional.of(Ip.of("10.0.0.1"));

    private Instant now = Instant.EPOCH;
    private boolean resolverWorks = true;
    private final List<String> asked = new ArrayList<>();
    private final HostAddresses hosts = new HostAddresses(this::lookup, () -> now);

    private List<Ip> lookup(String host) throws UnknownHostException {
        asked.add(host);
        if (!resolverWorks) {
            throw new UnknownHostException(host);
        }
        return List.of(Ip.of("fd01::1"), Ip.of("10.0.0.1"));
    }

    @Test
    void literalsNeedNoResolver() {
        assertEquals(Optional.of(Ip.of("10.0.0.7")), hosts.resolve("10.0.0.7"));
        assertEquals(Optional.of(Ip.of("fd01::7")), hosts.resolve("fd01::7"));
        assertEquals(Optional.of(Ip.of("127.0.0.1")), hosts.resolve("localhost"));
        assertEquals(Optional.empty(), hosts.resolve(""));
        assertEquals(List.of(), asked);
        assertEquals(0, hosts.names());
    }

    @Test
    void whatWasResolvedOnceStays() {
        assertEquals(FOUND, hosts.resolve("node"));
        resolverWorks = false;
        now = now.plus(HostAddresses.MEMORY);
        assertEquals(FOUND, hosts.resolve("node"));
        assertEquals(FOUND, hosts.resolve("node"));
        assertEquals(2, asked.size(), "a failure is remembered for a while");
    }

    @Test
    void anUnknownNameIsTriedAgainLater() {
        resolverWorks = false;
        assertEquals(Optional.empty(), hosts.resolve("node"));
        resolverWorks = true;
        assertEquals(Optional.empty(), hosts.resolve("node"));
        now = now.plus(HostAddresses.MEMORY);
        assertEquals(FOUND, hosts.resolve("node"));
    }
}
