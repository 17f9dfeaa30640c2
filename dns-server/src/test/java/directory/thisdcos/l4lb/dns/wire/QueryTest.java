package directory.thisdcos.l4lb.dns.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

class QueryTest {
    private static final String HEADER = "1234 0100 0001 0000 0000 0000".replace(" ", "");
    private final Query query = new Query();

    private Query.Parsed parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return query.parse(bytes, bytes.length);
    }

    @Test
    void readsWhatDnsjavaWrites() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int labels = random.nextInt(6); labels > 0; labels--) {
                for (int letters = 1 + random.nextInt(20); letters > 0; letters--) {
                    text.append((char) ((random.nextBoolean() ? 'a' : 'A') + random.nextInt(26)));
                }
                text.append('.');
            }
            String name = text.isEmpty() ? "." : text.toString();
            int type = 1 + random.nextInt(200);
            Message message = Message.newQuery(
                    Record.newRecord(org.xbill.DNS.Name.fromString(name), type == 41 ? 1 : type, DClass.IN));
            boolean edns = random.nextBoolean();
            if (edns) {
                message.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
            }
            byte[] wire = message.toWire();
            assertEquals(Query.Parsed.QUESTION, query.parse(wire, wire.length), name);
            assertEquals(message.getHeader().getID(), query.id());
            assertEquals(type == 41 ? 1 : type, query.type());
            assertEquals(edns, query.hasOpt());
            assertEquals(edns ? 4096 : 512, query.udpSize());
            assertEquals(edns, query.dnssecOk());
            assertEquals(Name.of(name), query.name().toName());
            assertArrayEquals(Arrays.copyOfRange(wire, 12, 12 + query.question().length), query.question());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DROP, 12340100",
        "DROP, 1234 8100 0001 0000 0000 0000 00 0001 0001",
        "UNKNOWN_OPCODE, 1234 7800 0000 0000 0000 0000",
        "NO_QUESTION, 1234 0100 0000 0000 0000 0000",
        "NO_QUESTION, 1234 0100 0002 0000 0000 0000 00 0001 0001 00 0001 0001",
        "NO_QUESTION, 1234 0100 FFFF 0000 0000 0000",
        "NO_QUESTION, 1234 0100 0001 0000 0000 0000 C00C 0001 0001",
        "NO_QUESTION, 1234 0100 0001 0000 0000 0000 4161 00 0001 0001",
        "NO_QUESTION, 1234 0100 0001 0000 0000 0000 8161 00 0001 0001",
        "NO_QUESTION, 1234 0100 0001 0000 0000 0000 0161",
        "NO_QUESTION, 1234 0100 0001 0000 0000 0000 00 0001 00",
        "MALFORMED, 1234 0100 0001 0000 0000 0001 00 0001 0001",
        "MALFORMED, 1234 0100 0001 0000 0000 FFFF 00 0001 0001",
        // OPT twice, in the answer section, not at the root, with an option that overruns, with a short cookie
        "MALFORMED, 1234 0100 0001 0000 0000 0002 00 0001 0001 00 0029 1000 00000000 0000 00 0029 1000 00000000 0000",
        "MALFORMED, 1234 0100 0001 0001 0000 0000 00 0001 0001 00 0029 1000 00000000 0000",
        "MALFORMED, 1234 0100 0001 0000 0000 0001 00 0001 0001 0161 00 0029 1000 00000000 0000",
        "MALFORMED, 1234 0100 0001 0000 0000 0001 00 0001 0001 00 0029 1000 00000000 0004 0003 0001",
        "MALFORMED, 1234 0100 0001 0000 0000 0001 00 0001 0001 00 0029 1000 00000000 0007 000A 0003 010203",
        // an owner that points at itself
        "MALFORMED, 1234 0100 0001 0000 0000 0001 00 0001 0001 C011 0001 0001 00000000 0000",
        "COOKIE_ONLY, 1234 0100 0000 0000 0000 0001 00 0029 1000 00000000 000C 000A 0008 0102030405060708",
        // trailing octets and a strange extra record do no harm
        "QUESTION, 1234 0100 0001 0000 0000 0000 00 0001 0001 FFFF",
        "QUESTION, 1234 0100 0001 0000 0000 0001 00 0001 0001 C00C 0001 0001 00000000 0002 0102"
    })
    void sortsRequests(Query.Parsed expected, String hex) {
        assertEquals(expected, parse(hex));
    }

    @Test
    void refusesNamesOver255Octets() {
        String label = "3f" + "61".repeat(63);
        assertEquals(Query.Parsed.QUESTION, parse(HEADER + label.repeat(3) + "3d" + "61".repeat(61) + "0000010001"));
        assertEquals(Query.Parsed.NO_QUESTION, parse(HEADER + label.repeat(3) + "3e" + "61".repeat(62) + "0000010001"));
        assertEquals(Query.Parsed.QUESTION, parse(HEADER + "0161".repeat(127) + "0000010001"));
        assertEquals(Query.Parsed.NO_QUESTION, parse(HEADER + "0161".repeat(128) + "0000010001"));
    }

    @Test
    void survivesGarbageAndMutations() throws Exception {
        Random random = new Random(11);
        Message message = Message.newQuery(
                Record.newRecord(org.xbill.DNS.Name.fromString("web.marathon.l4lb.thisdcos.directory."), 1, DClass.IN));
        message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        byte[] good = message.toWire();
        int questions = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = good.clone();
            int length = good.length;
            if (i % 4 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                length = bytes.length;
            } else {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                length -= random.nextInt(5) == 0 ? random.nextInt(length) : 0;
            }
            questions += query.parse(bytes, length) == Query.Parsed.QUESTION ? 1 : 0;
        }
        assertTrue(questions > 1_000, "mutations are not all garbage");
    }

    @Test
    void comparesNamesWithoutCaseAndShowsOddOctets() {
        assertEquals(Name.of("Web.Marathon"), Name.of("web.marathon."));
        assertFalse(Name.of("web.marathon").equals(Name.of("webmarathon")));
        assertEquals(
                "a\\.b\\000.c",
                Name.ofWire(new byte[] {4, 'a', '.', 'b', 0, 1, 'c', 0}, 0).toString());
        assertTrue(Name.of("a.b.c").isWithin(Name.of("b.c")));
        assertFalse(Name.of("ab.c").isWithin(Name.of("b.c")));
        assertEquals(Name.of("b.c"), Name.of("a.b.c").parent());
    }
}
