package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/**
 * Asks the engine whatever a fuzzer thinks of ({@code conformance/fuzz engine}): an octet that chooses zones and
 * transport, and a packet. No packet may throw, and dnsjava must be able to read each answer.
 */
public final class EngineFuzz {
    static final String ZONE = """
            $ORIGIN z.test.
            $TTL 300
            @      SOA ns host 7 60 60 60 30
            @      NS  ns
            ns     A   192.0.2.1
            loop   DNAME loop.x
            *.wild CNAME a.loop
            sub    NS  ns.sub
            ns.sub A   192.0.2.2
            many   TXT "%s" "%s" "%s"
            """.formatted("a".repeat(250), "b".repeat(250), "c".repeat(250));

    private static final List<Asker> ASKERS = askers();

    private EngineFuzz() {}

    private static List<Asker> askers() {
        try {
            return List.of(
                    Asker.of(Tables.small()).from("203.0.113.9"),
                    Asker.recursive(),
                    Asker.ofZone(Files.createTempDirectory("fuzz"), ZONE),
                    Asker.notReady());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] packet = Arrays.copyOfRange(data, 1, data.length);
        Transport transport = (data[0] & 4) == 0 ? Transport.UDP : Transport.TCP;
        byte[] reply = ASKERS.get(data[0] & 3).bytes(packet, transport);
        if (reply.length > 0) {
            check(packet, transport, reply, HexFormat.of().formatHex(data));
        }
    }

    static void check(byte[] request, Transport transport, byte[] reply, String told) {
        assertTrue(reply.length >= Wire.HEADER, told);
        assertEquals(Wire.u16(request, 0), Wire.u16(reply, 0), told);
        assertTrue((Wire.u16(reply, 2) & Wire.QR) != 0, told);
        assertTrue((Wire.u16(request, 2) & Wire.QR) == 0, told);
        assertTrue(transport != Transport.UDP || reply.length <= Wire.EDNS_UDP, told);
        try {
            Message message = new Message(reply);
            assertTrue(message.getHeader().getCount(Section.QUESTION) <= 1, told);
            if (message.getHeader().getCount(Section.QUESTION) == 1) {
                assertNotNull(message.getQuestion(), told);
                int end = Wire.HEADER + message.getQuestion().getName().length() + 4;
                assertTrue(Arrays.equals(request, Wire.HEADER, end, reply, Wire.HEADER, end), told);
            }
        } catch (IOException e) {
            throw new AssertionError(told + " got " + HexFormat.of().formatHex(reply), e);
        }
    }
}
