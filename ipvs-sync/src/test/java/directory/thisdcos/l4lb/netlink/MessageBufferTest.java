package directory.thisdcos.l4lb.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageBufferTest {
    private static final int HEADER = MessageBuffer.HEADER_BYTES;

    private static String hex(MessageBuffer buffer) {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "golden bytes of a little-endian host");
        return HexFormat.of().formatHex(buffer.toByteArray());
    }

    private static Attributes attributes(MessageBuffer buffer) throws NetlinkException {
        return Attributes.parse(ByteBuffer.wrap(buffer.toByteArray()).position(HEADER));
    }

    @Test
    void asksForAFamilyInTheKernelsBytes() {
        MessageBuffer request =
                new MessageBuffer().generic(0x10, 3, 2, MessageBuffer.NLM_F_ACK).string(2, "IPVS");
        assertEquals(
                "20000000" + "1000" + "0500" + "00000000" + "00000000" // length 32, type, REQUEST|ACK, seq, pid
                        + "03020000" // command, version
                        + "09000200" + "4950565300000000", // 9 bytes with NUL, padded to 12
                hex(request));
    }

    @Test
    void setsALocalRouteInTheKernelsBytes() {
        MessageBuffer request = new MessageBuffer();
        RouteSocket.encodeAdd(request, new Route(new Prefix(Ip.of("11.0.0.0"), 8), 76, Route.LOOPBACK));
        assertEquals(
                "2c000000" + "1800" + "0105" + "00000000" + "00000000" // RTM_NEWROUTE, REQUEST|REPLACE|CREATE
                        + "02080000ff4cfe02" + "00000000" // AF_INET /8, table local, proto 76, scope host, RTN_LOCAL
                        + "080001000b000000" // RTA_DST
                        + "0800040001000000", // RTA_OIF lo
                hex(request));
    }

    @Test
    void readsBackARouteItWrote() throws NetlinkException {
        for (String network : new String[] {"11.0.0.0", "fd01:c::"}) {
            Route route = new Route(new Prefix(Ip.of(network), 8), 76, 1);
            MessageBuffer buffer = new MessageBuffer();
            RouteSocket.encodeAdd(buffer, route);
            ByteBuffer payload =
                    ByteBuffer.wrap(buffer.toByteArray()).position(HEADER).slice();
            assertEquals(route, RouteSocket.decodeRoute(payload));
        }
    }

    @Test
    void readsBackRandomAttributes() throws NetlinkException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int number = random.nextInt();
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            Ip ip = random.nextBoolean() ? Ip.v4(number) : Ip.of("fd01::" + (number & 0xff));
            String text = "x".repeat(random.nextInt(16));
            MessageBuffer buffer = new MessageBuffer(16).message(32, 0);
            int nest = buffer.nest(7);
            buffer.u8(1, number)
                    .u16(2, number)
                    .u32(3, number)
                    .networkU16(4, number)
                    .networkU32(5, number);
            int inner = buffer.nest(6);
            buffer.string(8, text).bytes(9, bytes);
            buffer.endNest(inner).address(10, ip).u32Pair(11, number, ~0).endNest(nest);

            Attributes read = attributes(buffer).nested(7);
            String message = "seed " + seed + " round " + round;
            assertEquals(number & 0xff, read.u8(1), message);
            assertEquals(number & 0xffff, read.u16(2), message);
            assertEquals(number, read.u32(3), message);
            assertEquals(number & 0xffff, read.networkU16(4), message);
            assertEquals(number, read.networkU32(5), message);
            assertEquals(text, read.nested(6).string(8), message);
            assertEquals(ip, read.address(10, ip.family().octets()), message);
            assertEquals(number, read.u32(11), message);
            assertFalse(read.has(12), message);
        }
    }

    @Test
    void everyMessageBeginsAligned() {
        MessageBuffer buffer = new MessageBuffer(8);
        for (int i = 0; i < 100; i++) {
            buffer.message(i, 0).string(1, "y".repeat(i % 7));
        }
        assertEquals(100, buffer.count());
        ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());
        buffer.copyTo(out, 0, 100, 1000);
        out.flip();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, out.position() % MessageBuffer.ALIGNMENT_BYTES);
            int start = out.position();
            assertEquals(i, out.getShort(start + 4));
            assertEquals(1000 + i, out.getInt(start + MessageBuffer.SEQUENCE_OFFSET));
            out.position(start + out.getInt(start));
        }
        assertFalse(out.hasRemaining());
    }

    @Test
    void cutsBatchesByCountAndBySize() {
        MessageBuffer buffer = new MessageBuffer();
        for (int i = 0; i < 10; i++) {
            buffer.message(1, 0).u32(1, i); // 24 bytes each
        }
        assertEquals(3, buffer.endOfBatch(0, 1000, 3));
        assertEquals(4, buffer.endOfBatch(2, 50, 100));
        assertEquals(10, buffer.endOfBatch(8, 1000, 100));
        assertEquals(1, buffer.endOfBatch(0, 1, 100), "at least one, whatever its size");
    }

    @Test
    void refusesMalformedAttributes() {
        byte[] tooLong = {100, 0, 1, 0, 1, 2, 3, 4};
        byte[] tooShort = {2, 0, 1, 0};
        assertThrows(NetlinkException.class, () -> Attributes.parse(ByteBuffer.wrap(tooLong)));
        assertThrows(NetlinkException.class, () -> Attributes.parse(ByteBuffer.wrap(tooShort)));
        assertThrows(
                NetlinkException.class,
                () -> Attributes.parse(ByteBuffer.wrap(new byte[0])).u32(1));
    }

    @Test
    void randomBytesNeverBreakTheReader() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                Attributes read = Attributes.parse(ByteBuffer.wrap(bytes));
                if (read.has(1)) {
                    assertArrayEquals(new int[] {read.u8(1)}, new int[] {read.u8(1)});
                }
            } catch (NetlinkException e) {
                assertEquals(Errno.EPROTO, e.errno(), "seed " + seed);
            }
        }
    }
}
