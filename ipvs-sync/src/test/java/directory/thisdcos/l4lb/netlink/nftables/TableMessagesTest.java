package directory.thisdcos.l4lb.netlink.nftables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.netlink.NetlinkException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableMessagesTest {
    private static final AddressSet SERVICES = new AddressSet("idle4", 0x730d, 12, false);

    private static String hex(TableMessages messages) {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "golden bytes of a little-endian host");
        return HexFormat.of().formatHex(messages.finish().toByteArray());
    }

    @Test
    void aChainAndAnElementInTheBytesOfTheProgramNft() {
        TableMessages messages = new TableMessages();
        Chain guard = Chain.of("guard", "filter", Chain.INPUT, 110, List.of());
        messages.replace(new Table("l4lb", 0, List.of(), List.of(guard), Map.of()));
        String chain = "54000000030a050400000000" + "00000000" + "01000000"
                + "090001006c346c6200000000" // table l4lb
                + "0a0003006775617264000000" // name guard
                + "0b00070066696c7465720000" // type filter
                + "0800050000000001" // policy accept
                + "14000480" + "0800010000000001" + "080002000000006e"; // hook input, priority 110
        assertTrue(hex(messages).contains(chain), chain);

        TableMessages change = new TableMessages();
        change.add("l4lb", "idle4", Set.of(Element.of(new byte[] {11, 0, 0, 1, 6, 0, 0, 0, 0, 80, 0, 0})));
        assertEquals(
                "14000000100001000000000000000000" + "0000000a" // begin, for subsystem 10
                        + "480000000c0a0504" + "00000000" + "00000000" + "01000000" // CREATE, ACK, REQUEST
                        + "090001006c346c6200000000"
                        + "0a00020069646c6534000000"
                        + "1c000380" + "18000180" + "14000180" + "10000100" + "0b000001" + "06000000" + "00500000"
                        + "14000000110001000000000000000000" + "0000000a", // end
                hex(change));
    }

    @Test
    void readsBackWhatItWrites() throws NetlinkException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Table table = random(random);
            assertEquals(table, Batches.decode("l4lb", Batches.encode(table)), "seed " + seed);
        }
    }

    private static Table random(Random random) {
        List<Chain> chains = new ArrayList<>();
        for (int c = random.nextInt(4); c > 0; c--) {
            List<List<Expression>> rules = new ArrayList<>();
            for (int r = random.nextInt(4); r > 0; r--) {
                List<Expression> rule = new ArrayList<>();
                for (int e = random.nextInt(6); e > 0; e--) {
                    rule.add(expression(random));
                }
                rules.add(rule);
            }
            chains.add(new Chain(
                    "chain" + c,
                    random.nextBoolean() ? "nat" : "filter",
                    random.nextInt(5),
                    random.nextInt(400) - 200,
                    random.nextInt(2),
                    rules));
        }
        Map<String, Set<Element>> elements = new HashMap<>();
        elements.put("idle4", elements(random, 12, false));
        elements.put("vips6", elements(random, 16, true));
        elements.put("marks4", Set.of(Element.of(new byte[12], Octets.ofHostInt(random.nextInt()))));
        return new Table(
                "l4lb",
                random.nextInt(2),
                List.of(SERVICES, new AddressSet("vips6", 8, 16, true), AddressSet.toMarks("marks4", 0x730d, 12)),
                chains,
                elements);
    }

    private static Set<Element> elements(Random random, int length, boolean bounds) {
        Set<Element> elements = new HashSet<>();
        // Now and then more than one message takes.
        for (int i = random.nextInt(10) == 0 ? 2500 : random.nextInt(9); i > 0; i--) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            elements.add(Element.bound(Octets.of(key), bounds && random.nextBoolean()));
        }
        return elements;
    }

    private static Expression expression(Random random) {
        byte[] data = new byte[1 + random.nextInt(16)];
        random.nextBytes(data);
        return switch (random.nextInt(12)) {
            case 0 -> new Expression.Payload(random.nextInt(3), random.nextInt(40), 1 + random.nextInt(16), 1);
            case 1 -> new Expression.Meta(random.nextInt(20), 9);
            case 2 -> new Expression.Conntrack(random.nextInt(20), random.nextBoolean(), 1);
            case 3 -> new Expression.Mask(1, Octets.of(data));
            case 4 -> new Expression.Compare(10, random.nextBoolean(), Octets.of(data));
            case 5 -> new Expression.Lookup(1, "idle4");
            case 6 -> new Expression.Verdict(random.nextInt(2));
            case 7 -> new Expression.Reject(random.nextInt(3), random.nextInt(4));
            case 9 -> new Expression.MapLookup(1, "marks4", 1);
            case 10 -> new Expression.SetMeta(3, 1);
            case 8 -> new Expression.DestinationNat(random.nextBoolean() ? 2 : 10, 1);
            default -> new Expression.Masquerade(random.nextInt(32));
        };
    }
}
