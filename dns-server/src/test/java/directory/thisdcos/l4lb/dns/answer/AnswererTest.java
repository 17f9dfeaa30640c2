package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class AnswererTest {
    private static final String ZONE = "l4lb.thisdcos.directory";
    private static final String WEB = "web.marathon." + ZONE;

    private final Asker asker = Asker.small();

    private static void assertNegative(int rcode, Message reply) {
        assertEquals(rcode, reply.getRcode());
        assertTrue(reply.getHeader().getFlag(Flags.AA));
        assertEquals(List.of(), reply.getSection(Section.ANSWER));
        SOARecord soa = (SOARecord) reply.getSection(Section.AUTHORITY).get(0);
        assertEquals(ZONE, soa.getName().toString(true));
        assertEquals(1, soa.getTTL());
        assertEquals(1, soa.getSerial());
    }

    @Test
    void answersAddresses() {
        Message reply = asker.ask(WEB, Type.A);
        assertEquals(Rcode.NOERROR, reply.getRcode());
        assertTrue(reply.getHeader().getFlag(Flags.AA));
        assertTrue(reply.getHeader().getFlag(Flags.RD), "copied");
        assertFalse(reply.getHeader().getFlag(Flags.RA), "no upstreams");
        assertEquals(List.of(WEB + " A 11.0.0.1"), Asker.records(reply, Section.ANSWER));
        assertEquals(5, reply.getSection(Section.ANSWER).get(0).getTTL());
        assertEquals(
                List.of("six.marathon." + ZONE + " AAAA fd01:c:0:0:0:0:0:2"),
                Asker.records(asker.ask("six.marathon." + ZONE, Type.AAAA), Section.ANSWER));
    }

    @Test
    void keepsTheCaseOfTheQuestion() {
        Message reply = asker.ask("WeB.MARathon.l4LB.thisdcos.DIRECTORY", Type.A);
        assertEquals(
                "WeB.MARathon.l4LB.thisdcos.DIRECTORY.",
                reply.getQuestion().getName().toString());
        assertEquals(
                "WeB.MARathon.l4LB.thisdcos.DIRECTORY.",
                reply.getSection(Section.ANSWER).get(0).getName().toString());
    }

    @Test
    void tellsMissingTypesFromMissingNames() {
        assertNegative(Rcode.NOERROR, asker.ask(WEB, Type.AAAA));
        assertNegative(Rcode.NOERROR, asker.ask(WEB, 666));
        assertNegative(Rcode.NOERROR, asker.ask("marathon." + ZONE, Type.A));
        assertNegative(Rcode.NOERROR, asker.ask(ZONE, Type.A));
        assertNegative(Rcode.NXDOMAIN, asker.ask("nope.marathon." + ZONE, Type.A));
        assertNegative(Rcode.NXDOMAIN, asker.ask("x." + WEB, Type.A));
        assertNegative(Rcode.NXDOMAIN, asker.ask("a.b.c.d." + ZONE, Type.AAAA));
    }

    @Test
    void answersTheApex() {
        assertEquals(
                List.of(ZONE + " SOA ns." + ZONE + ". hostmaster." + ZONE + ". 1 60 180 86400 1"),
                Asker.records(asker.ask(ZONE, Type.SOA), Section.ANSWER));
        Message reply = asker.ask(ZONE, Type.NS);
        assertEquals(List.of(ZONE + " NS ns." + ZONE + "."), Asker.records(reply, Section.ANSWER));
        assertEquals(List.of("ns." + ZONE + " A 127.0.0.1"), Asker.records(reply, Section.ADDITIONAL));
        assertEquals(1, asker.ask(ZONE, Type.ANY).getSection(Section.ANSWER).size(), "RFC 8482");
        assertEquals(
                1,
                asker.ask("six.marathon." + ZONE, Type.ANY)
                        .getSection(Section.ANSWER)
                        .size());
    }

    @Test
    void refusesWhatIsNotOurs() {
        Message reply = asker.ask(Asker.edns(Asker.query("example.org", Type.A), 1232), Transport.UDP);
        assertEquals(Rcode.REFUSED, reply.getRcode());
        assertFalse(reply.getHeader().getFlag(Flags.AA));
        assertEquals("example.org.", reply.getQuestion().getName().toString());
        assertEquals(20, error(reply));
        assertEquals(Rcode.REFUSED, asker.ask("thisdcos.directory", Type.A).getRcode());
        assertEquals(
                Rcode.REFUSED, asker.ask("xl4lb.thisdcos.directory", Type.A).getRcode());
    }

    private static int error(Message reply) {
        EDNSOption option =
                reply.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).get(0);
        return ((ExtendedErrorCodeOption) option).getErrorCode();
    }

    @Test
    void failsUntilTheTableIsThere() {
        Message reply = Asker.notReady().ask(Asker.edns(Asker.query(WEB, Type.A), 1232), Transport.UDP);
        assertEquals(Rcode.SERVFAIL, reply.getRcode());
        assertEquals(14, error(reply));
        assertEquals(Rcode.REFUSED, Asker.notReady().ask("example.org", Type.A).getRcode());
    }

    @Test
    void resolvesForLocalClientsOnly() {
        Asker recursive = Asker.recursive();
        Message query = Asker.edns(Asker.query("example.org", Type.A), 1232);
        assertEquals(Answerer.DEFERRED, recursive.raw(query.toWire(), Transport.UDP));
        assertEquals(query.getHeader().getID(), recursive.deferred().id());
        query.getHeader().unsetFlag(Flags.RD);
        assertEquals(Rcode.REFUSED, recursive.ask(query, Transport.UDP).getRcode());
        query.getHeader().setFlag(Flags.RD);
        Message reply = recursive.from("192.0.2.1").ask(query, Transport.UDP);
        assertEquals(Rcode.REFUSED, reply.getRcode());
        assertEquals(18, error(reply));
        assertTrue(recursive.ask(WEB, Type.A).getHeader().getFlag(Flags.RA));
    }

    @Test
    void handlesClassesAndMetaTypes() throws Exception {
        assertEquals(Rcode.REFUSED, askClass(DClass.HS).getRcode());
        Message any = askClass(DClass.ANY);
        assertEquals(Rcode.NOERROR, any.getRcode());
        assertFalse(any.getHeader().getFlag(Flags.AA));
        assertEquals(Rcode.FORMERR, asker.ask(WEB, Type.TSIG).getRcode());
        assertEquals(Rcode.FORMERR, asker.ask(WEB, Type.TKEY).getRcode());
        assertEquals(Rcode.FORMERR, asker.ask(ZONE, Type.AXFR).getRcode());
        assertEquals(
                Rcode.REFUSED,
                Asker.small()
                        .from("192.0.2.1")
                        .ask(Asker.query(ZONE, Type.AXFR), Transport.TCP)
                        .getRcode());
        assertEquals(Rcode.NOERROR, asker.ask(WEB, Type.MAILB).getRcode());
        Record id = Record.newRecord(Name.fromString("id.server."), Type.TXT, DClass.CHAOS);
        assertEquals(
                "node-1",
                asker.ask(Message.newQuery(id), Transport.UDP)
                        .getSection(Section.ANSWER)
                        .get(0)
                        .rdataToString());
    }

    private Message askClass(int qclass) throws Exception {
        Record question = Record.newRecord(Name.fromString(WEB + "."), Type.A, qclass);
        return asker.ask(Message.newQuery(question), Transport.UDP);
    }

    @Test
    void survivesMutatedPackets() throws Exception {
        Random random = new Random(5);
        byte[] good = Asker.edns(Asker.query(WEB, Type.A), 1232).toWire();
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] reply = asker.bytes(bytes, random.nextBoolean() ? Transport.UDP : Transport.TCP);
            if (reply.length > 0) {
                assertEquals(bytes[0], reply[0]);
                assertTrue(new Message(reply).getHeader().getFlag(Flags.QR));
            }
        }
    }

    @Test
    void rotatesAndTruncatesWholeRecords(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) {
        StringBuilder zone = new StringBuilder("$ORIGIN t.\n@ 5 SOA ns h 1 2 3 4 5\n");
        for (int i = 0; i < 200; i++) {
            zone.append("many 5 A 10.0.0.").append(i).append('\n');
        }
        Asker many = Asker.ofZone(folder, zone.toString());
        Message plain = many.ask("many.t", Type.A);
        assertTrue(plain.getHeader().getFlag(Flags.TC));
        assertEquals(30, plain.getSection(Section.ANSWER).size(), "(512 - 12 - 12) / 16");
        byte[] edns = many.bytes(Asker.edns(Asker.query("many.t", Type.A), 4096).toWire(), Transport.UDP);
        assertTrue(edns.length <= 1232 && edns.length > 1232 - 16);
        Message tcp = many.ask(Asker.query("many.t", Type.A), Transport.TCP);
        assertEquals(200, tcp.getSection(Section.ANSWER).size());
        assertFalse(tcp.getHeader().getFlag(Flags.TC));
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Record first = many.ask("many.t", Type.A).getSection(Section.ANSWER).get(0);
            firsts.add(String.valueOf(((ARecord) first).getAddress().getHostAddress()));
        }
        assertTrue(firsts.size() > 5, "rotated by query id");
    }

    @Test
    void answersEveryNameOfALargeTable() {
        Asker large = Asker.of(Tables.large(3_000));
        for (int i = 0; i < 3_000; i++) {
            Message reply = large.ask("svc" + i + ".marathon." + ZONE, Type.A);
            assertEquals(1, reply.getSection(Section.ANSWER).size());
        }
    }

    /** RFC 9018 §5 has no vectors for SipHash itself; this one is from the SipHash paper, appendix A. */
    @Test
    void hashesAsThePaperSays() {
        byte[] data = new byte[15];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        assertEquals(0xa129ca6149be45e5L, SipHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, data, data.length));
    }
}
