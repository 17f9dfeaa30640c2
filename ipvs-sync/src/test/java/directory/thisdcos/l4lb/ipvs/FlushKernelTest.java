package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of us when we are asked to go, and nothing else is taken with it. */
@Tag("kernel")
class FlushKernelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private static State state() {
        return new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .tcp("web", 80, "10.1.0.2:8080", "[fd02::2]:8080")
                .fixed("3.3.0.6", 3306, "10.1.0.4:3306")
                .build();
    }

    @Test
    void removesExactlyWhatIsOurs() throws Exception {
        Lab.sh("ipvsadm -A -t 192.168.9.9:80 -s rr; ipvsadm -A -f 99 -s rr; nft add table inet other;"
                + "ip route add local 192.168.9.9/32 dev lo table local");
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(state());
            IpvsException running = assertThrows(IpvsException.class, () -> IpvsFlush.open(directory, TIMEOUT));
            assertTrue(String.valueOf(running.getMessage()).contains("another l4lb process"));
        }
        try (IpvsFlush flush = IpvsFlush.open(directory, TIMEOUT)) {
            List<String> found = flush.find();
            Lab.witness("l4lb ipvs flush finds " + found);
            assertEquals(9, found.size(), found.toString());
            assertTrue(Lab.ipvsadm().contains("11.0.0.1:80"), "looking removes nothing");
            flush.remove();
            assertEquals(List.of(), flush.find());
        }
        assertEquals("-A -f 99 -s rr\n-A -t 192.168.9.9:80 -s rr", Lab.ipvsadm());
        assertEquals("", Lab.sh("ip route show table local proto 76; ip -6 route show table local proto 76"));
        assertEquals("table inet other", Lab.sh("nft list tables").strip());
        assertTrue(Lab.sh("ip route show table local").contains("192.168.9.9"));
        Lab.sh("nft delete table inet other; ip route del local 192.168.9.9/32 dev lo table local");
    }
}
