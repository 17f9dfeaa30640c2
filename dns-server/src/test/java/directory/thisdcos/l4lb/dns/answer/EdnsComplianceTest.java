package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The list of RFC 8906 §8, as ISC's genreport asks it (names of the tests are its own). */
class EdnsComplianceTest {
    private static final int SOA = Type.SOA;
    private static final int DNSKEY = Type.DNSKEY;
    private static final String NSID = "00030000";
    private static final String COOKIE = "000A00080102030405060708";
    private static final String EXPIRE = "00090000";
    private static final String SUBNET = "0008000400010000";
    private static final String UNKNOWN = "00640000";

    /**
     * One test.
     *
     * @param flags header flags of the query
     * @param edns version, or -1 for a query without OPT
     * @param ednsFlags the lower 16 bits of the OPT's TTL
     * @param options hex
     */
    private record Case(
            String name, int flags, int type, int edns, int ednsFlags, int size, String options, Transport transport) {

        static Case plain(String name, int flags) {
            return new Case(name, flags, SOA, -1, 0, 0, "", Transport.UDP);
        }

        static Case edns(String name, int version, int ednsFlags, String options) {
            return new Case(name, 0, SOA, version, ednsFlags, 4096, options, Transport.UDP);
        }
    }

    private static final List<Case> CASES = List.of(
            Case.plain("dns", 0),
            Case.plain("aa", 0x0400),
            Case.plain("ad", 0x0020),
            Case.plain("cd", 0x0010),
            Case.plain("ra", 0x0080),
            Case.plain("rd", 0x0100),
            Case.plain("tc", 0x0200),
            Case.plain("zflag", 0x0040),
            new Case("type666", 0, 666, -1, 0, 0, "", Transport.UDP),
            new Case("tcp", 0, SOA, -1, 0, 0, "", Transport.TCP),
            Case.edns("edns", 0, 0, ""),
            Case.edns("edns1", 1, 0, ""),
            new Case("edns@512", 0, DNSKEY, 0, 0x8000, 512, "", Transport.UDP),
            Case.edns("ednsopt", 0, 0, UNKNOWN),
            Case.edns("edns1opt", 1, 0, UNKNOWN),
            Case.edns("do", 0, 0x8000, ""),
            new Case("docd", 0x0010, SOA, 0, 0x8000, 4096, "", Transport.UDP),
            Case.edns("edns1do", 1, 0x8000, ""),
            Case.edns("ednsflags", 0, 0x0080, ""),
            Case.edns("optlist", 0, 0, NSID + SUBNET + EXPIRE + COOKIE),
            Case.edns("ednsnsid", 0, 0, NSID),
            Case.edns("ednscookie", 0, 0, COOKIE),
            Case.edns("ednsexpire", 0, 0, EXPIRE),
            Case.edns("ednssubnet", 0, 0, SUBNET),
            Case.edns("edns1nsid", 1, 0, NSID),
            Case.edns("edns1cookie", 1, 0, COOKIE),
            Case.edns("edns1expire", 1, 0, EXPIRE),
            Case.edns("edns1subnet", 1, 0, SUBNET),
            new Case("ednstcp", 0, DNSKEY, 0, 0x8000, 512, "", Transport.TCP),
            Case.edns("bind11", 0, 0x8000, COOKIE),
            new Case("dig11", 0x0120, SOA, 0, 0, 4096, COOKIE, Transport.UDP));

    @TestFactory
    Stream<DynamicTest> answersEachQueryAsTheRfcSays() {
        return CASES.stream().map(test -> DynamicTest.dynamicTest(test.name, () -> check(test)));
    }

    @TestFactory
    Stream<DynamicTest> clearsAllFlagsOfUnknownOperations() {
        return Stream.of("7800", "7FF0")
                .map(flags -> DynamicTest.dynamicTest("opcode 15 with flags " + flags, () -> {
                    byte[] request = HexFormat.of().parseHex("ABCD" + flags + "0000000000000000");
                    byte[] reply = Asker.small().bytes(request, Transport.UDP);
                    assertEquals(
                            "ABCDF8040000000000000000",
                            HexFormat.of().withUpperCase().formatHex(reply));
                }));
    }

    private static byte[] request(Case test) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, 0xabcd, test.flags, 1, 0, 0, test.edns < 0 ? 0 : 1);
        for (String label : List.of("l4lb", "THISdcos", "directory")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        out.write(0);
        put(out, test.type, 1);
        if (test.edns >= 0) {
            byte[] options = HexFormat.of().parseHex(test.options);
            out.write(0);
            put(out, Type.OPT, test.size, test.edns, test.ednsFlags, options.length);
            out.writeBytes(options);
        }
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int... words) {
        for (int word : words) {
            out.write(word >>> 8);
            out.write(word);
        }
    }

    private static void check(Case test) throws Exception {
        byte[] bytes = Asker.small().bytes(request(test), test.transport);
        Message reply = new Message(bytes);
        assertEquals(bytes.length, reply.numBytes(), "parses to its end");
        assertEquals(0xabcd, reply.getHeader().getID());
        assertTrue(reply.getHeader().getFlag(Flags.QR));
        assertEquals("l4lb.THISdcos.directory.", reply.getQuestion().getName().toString());
        int flags = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        assertEquals(0, flags & 0x0040, "Z");
        assertEquals(0, flags & 0x0200, "TC");
        assertEquals(test.flags & 0x0100, flags & 0x0100, "RD is copied");
        assertTrue((flags & 0x0010 & ~test.flags) == 0, "CD only if the query had it");
        boolean badVersion = test.edns > 0;
        assertEquals(badVersion ? 16 : 0, reply.getRcode());
        assertEquals(!badVersion, reply.getHeader().getFlag(Flags.AA));
        boolean soa = !badVersion && test.type == SOA;
        assertEquals(soa ? 1 : 0, reply.getSection(Section.ANSWER).size());
        assertEquals(
                !badVersion && !soa ? 1 : 0, reply.getSection(Section.AUTHORITY).size());
        OPTRecord opt = reply.getOPT();
        if (test.edns < 0) {
            assertNull(opt);
            return;
        }
        assertNotNull(opt);
        assertEquals(0, opt.getVersion());
        assertEquals(0, opt.getFlags() & 0x7fff, "EDNS Z bits");
        for (EDNSOption option : opt.getOptions()) {
            assertTrue(option.getCode() == 3 || option.getCode() == 10, "not echoed: " + option.getCode());
        }
        assertEquals(test.options.contains(COOKIE) ? 1 : 0, opt.getOptions(10).size());
        opt.getOptions(10).forEach(EdnsComplianceTest::checkCookie);
    }

    private static void checkCookie(EDNSOption option) {
        byte[] data = cookieBytes(option);
        assertEquals(24, data.length);
        assertEquals("0102030405060708", HexFormat.of().formatHex(data, 0, 8));
    }

    private static byte[] cookieBytes(EDNSOption option) {
        byte[] wire = option.toWire();
        return java.util.Arrays.copyOfRange(wire, 4, wire.length);
    }
}
