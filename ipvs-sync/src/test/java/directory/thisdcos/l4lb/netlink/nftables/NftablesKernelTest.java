package directory.thisdcos.l4lb.netlink.nftables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables of a real kernel; the program nft is the witness. */
@Tag("kernel")
class NftablesKernelTest {
    private static final String NAME = "l4lbtest";

    private final NftablesSocket nft = NftablesSocket.of(Duration.ofSeconds(10));

    private static final AddressSet VIPS = new AddressSet("vips4", AddressSet.IPV4_ADDRESS, 4, true);

    private static Table table(String set, Element... elements) {
        Chain input = Chain.of(
                "in",
                "filter",
                Chain.INPUT,
                110,
                List.of(
                        new RuleBuilder().tcpSyn().destinationIn(Family.V4, set).then(Expression.Reject.TCP_RESET),
                        new RuleBuilder().state(Expression.Conntrack.NEW).then(Expression.Verdict.ACCEPT)));
        return new Table(NAME, 0, List.of(VIPS), List.of(input), Map.of("vips4", Set.of(elements)));
    }

    private static Element bound(int third, boolean end) {
        return Element.bound(Octets.of((byte) 11, (byte) 0, (byte) third, (byte) 0), end);
    }

    @BeforeEach
    @AfterEach
    void clean() throws Exception {
        sh("nft delete table inet " + NAME + " 2>/dev/null; nft delete table inet other 2>/dev/null || true");
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/bash", "-c", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void theKernelHasWhatWeWrote() throws Exception {
        assertEquals(Optional.empty(), nft.read(NAME).table());
        Table table = table("vips4", bound(0, false), bound(1, true), bound(1, false), bound(2, true));
        nft.replace(table);
        assertEquals(Optional.of(table), nft.read(NAME).table());
        String listing = sh("nft list table inet " + NAME);
        assertTrue(listing.contains("elements = { 11.0.0.0/24, 11.0.1.0/24 }"), listing);
        assertTrue(listing.contains("tcp flags syn / fin,syn,rst,ack ip daddr @vips4 reject with tcp reset"), listing);
        assertTrue(listing.contains("type filter hook input priority 110; policy accept;"), listing);
    }

    @Test
    void replacesOnlyItsOwnTable() throws Exception {
        sh("nft add table inet other; nft add chain inet other c; nft add rule inet other c counter");
        nft.replace(table("vips4", bound(0, false), bound(1, true)));
        String other = sh("nft list table inet other");
        Table second = table("vips4", bound(7, false), bound(9, true));
        nft.replace(second);
        assertEquals(Optional.of(second), nft.read(NAME).table());
        assertEquals(other, sh("nft list table inet other"));
        nft.delete(NAME);
        assertEquals(Optional.empty(), nft.read(NAME).table());
        assertEquals(
                Errno.ENOENT,
                assertThrows(NetlinkException.class, () -> nft.delete(NAME)).errno());
    }

    @Test
    void changesElementsAndNoticesWhatOthersDo() throws Exception {
        nft.replace(table("vips4", bound(0, false), bound(1, true)));
        int generation = nft.read(NAME).generation();
        assertEquals(generation, nft.generation());
        nft.change(
                NAME,
                Map.of("vips4", Set.of(bound(0, false), bound(1, true))),
                Map.of("vips4", Set.of(bound(1, false), bound(2, true), bound(2, false), bound(3, true))));
        assertNotEquals(generation, nft.generation());
        assertEquals(
                Set.of(bound(1, false), bound(2, true), bound(2, false), bound(3, true)),
                nft.read(NAME).table().orElseThrow().elementsOf("vips4"));
        generation = nft.generation();
        sh("nft add rule inet " + NAME + " in counter");
        assertNotEquals(generation, nft.generation());
        List<Expression> foreign =
                nft.read(NAME).table().orElseThrow().chains().get(0).rules().get(2);
        assertEquals(List.of(new Expression.Unknown("counter")), foreign);
    }

    @Test
    void allOrNothing() throws Exception {
        Table good = table("vips4", bound(0, false), bound(1, true));
        nft.replace(good);
        NetlinkException refused = assertThrows(NetlinkException.class, () -> nft.replace(table("nosuch")));
        assertEquals("nftables, a rule of chain in: ENOENT", refused.getMessage());
        assertThrows(
                NetlinkException.class,
                () -> nft.change(
                        NAME,
                        Map.of("vips4", Set.of(bound(5, false))),
                        Map.of("vips4", Set.of(bound(8, false), bound(9, true)))));
        assertEquals(Optional.of(good), nft.read(NAME).table());
    }

    @Test
    void thousandsOfElementsInOneTransaction() throws Exception {
        AddressSet services = new AddressSet("idle4", 0x730d, 12, false);
        Set<Element> elements = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            elements.add(Element.of(new byte[] {11, 0, (byte) (i >> 8), (byte) i, 6, 0, 0, 0, (byte) 0, 80, 0, 0}));
        }
        Table table = new Table(NAME, 0, List.of(services), List.of(), Map.of("idle4", elements));
        nft.replace(table);
        assertEquals(Optional.of(table), nft.read(NAME).table());
    }
}
