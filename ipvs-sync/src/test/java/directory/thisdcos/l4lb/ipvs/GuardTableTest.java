package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.netlink.nftables.Batches;
import directory.thisdcos.l4lb.netlink.nftables.Element;
import directory.thisdcos.l4lb.netlink.nftables.Octets;
import directory.thisdcos.l4lb.netlink.nftables.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The table against the transaction that the program nft (1.0.6) sent for {@code table.nft}, recorded with
 * {@code strace -e write=3 -e trace=sendmsg nft -f table.nft} as {@code table.nft.hex}.
 */
class GuardTableTest {
    private static final LocalAddresses LOCAL =
            new LocalAddresses(Pools.DEFAULT, new TreeSet<>(List.of(Ip.of("3.3.0.6"), Ip.of("3.3.0.7"))));

    private static Table table() {
        List<ServiceId.Address> idle = List.of(
                new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80),
                new ServiceId.Address(Ip.of("11.0.0.2"), 17, 53),
                new ServiceId.Address(Ip.of("fd01:c::1"), 6, 80));
        Map<ServiceId.Address, ServiceId.Mark> marks = Map.of(
                new ServiceId.Address(Ip.of("11.0.0.1"), 6, 443), new ServiceId.Mark(Family.V4, 17),
                new ServiceId.Address(Ip.of("fd01:c::1"), 17, 443), new ServiceId.Mark(Family.V6, 17));
        return GuardTable.STRUCTURE.with(GuardTable.elements(LOCAL.withMarks(marks), idle));
    }

    @Test
    void isWhatTheProgramNftMakesOfTheSameText() throws IOException {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "recorded on a little-endian host");
        byte[] batch;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("table.nft.hex"))) {
            batch = HexFormat.of().parseHex(new String(in.readAllBytes(), US_ASCII).replace("\n", ""));
        }
        assertEquals(table(), withoutLowestBound(Batches.decode(GuardTable.NAME, batch)));
    }

    /** The program nft ends a range before the lowest one, at 0, which the kernel does not need. */
    private static Table withoutLowestBound(Table table) {
        Map<String, Set<Element>> elements = new HashMap<>();
        table.elements().forEach((set, members) -> {
            Set<Element> rest = new HashSet<>(members);
            rest.remove(Element.bound(Octets.of(new byte[4]), true));
            rest.remove(Element.bound(Octets.of(new byte[16]), true));
            elements.put(set, rest);
        });
        return table.with(elements);
    }

    @Test
    void readsBackWhatItWrites() throws IOException {
        assertEquals(table(), Batches.decode(GuardTable.NAME, Batches.encode(table())));
    }
}
