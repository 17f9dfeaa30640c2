package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is asked again, and what is not. */
class CachingTest {
    private static final String GOOD = "NOERROR " + HostileAnswers.TRUTH;

    private final HostileUpstream upstream = HostileUpstream.start();
    private ForwardingBed bed;

    @BeforeEach
    void start() throws IOException {
        bed = ForwardingBed.start(List.of(upstream.endpoint()));
    }

    @AfterEach
    void close() {
        bed.close();
        upstream.close();
    }

    private static long ttl(Message reply) {
        return reply.getSection(Section.ANSWER).get(0).getTTL();
    }

    private static boolean isStale(Message reply) {
        return reply.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
                .anyMatch(option -> ((ExtendedErrorCodeOption) option).getErrorCode() == 3);
    }

    private Message askUnchecked(String name) {
        try {
            return bed.ask(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void asksOnceAndCountsTheTtlDown() throws IOException, InterruptedException {
        assertEquals(300, ttl(bed.ask("good.example.org.")));
        ForwardingBed.await("a lower TTL", () -> ttl(askUnchecked("good.example.org.")) < 300);
        Message again = bed.ask("GOOD.example.ORG.");
        assertEquals("GOOD.example.ORG.", again.getQuestion().getName().toString());
        assertEquals(GOOD, ForwardingBed.text(again));
        assertEquals(1, upstream.asked("good.example.org.").size());
    }

    @Test
    void keepsWhatDoesNotExistForAllTypes() throws IOException {
        for (int type : new int[] {Type.A, Type.AAAA, Type.TXT, Type.A}) {
            Message reply = bed.ask(ForwardingBed.query("nxsoa.example.org.", type));
            assertEquals(Rcode.NXDOMAIN, reply.getRcode());
            long ttl = reply.getSection(Section.AUTHORITY).get(0).getTTL();
            assertTrue(ttl > 50 && ttl <= 60, "TTL " + ttl);
        }
        assertEquals(1, upstream.asked("nxsoa.example.org.").size());
    }

    @Test
    void keepsNodataForItsTypeOnly() throws IOException {
        for (int type : new int[] {Type.A, Type.AAAA, Type.A, Type.AAAA}) {
            Message reply = bed.ask(ForwardingBed.query("nodata.example.org.", type));
            assertEquals(Rcode.NOERROR, reply.getRcode());
            assertEquals(0, reply.getSection(Section.ANSWER).size());
        }
        assertEquals(2, upstream.asked("nodata.example.org.").size());
    }

    @Test
    void doesNotKeepWhatMayNotBeKept() throws IOException {
        for (String name : List.of("nxdomain.example.org.", "atonce.example.org.", "cutoff.example.org.")) {
            bed.ask(name);
            int first = upstream.asked(name).size();
            bed.ask(name);
            assertTrue(upstream.asked(name).size() > first, name);
        }
    }

    @Test
    void keepsAnswersWithDnssecApart() throws IOException {
        Message plain = ForwardingBed.query("good.example.org.", Type.A);
        Message signed = ForwardingBed.query("good.example.org.", Type.A);
        signed.removeAllRecords(Section.ADDITIONAL);
        signed.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        Message unchecked = ForwardingBed.query("good.example.org.", Type.A);
        unchecked.getHeader().setFlag(Flags.CD);
        for (int i = 0; i < 2; i++) {
            bed.ask(plain);
            assertTrue((bed.ask(signed).getOPT().getFlags() & ExtendedFlags.DO) != 0);
            assertTrue(bed.ask(unchecked).getHeader().getFlag(Flags.CD));
        }
        assertEquals(3, upstream.asked("good.example.org.").size());
    }

    @Test
    void keepsAFailureForAMoment() throws IOException, InterruptedException {
        upstream.setMood("servfail");
        assertEquals("SERVFAIL", bed.answer("any.example.org."));
        assertEquals("SERVFAIL", bed.answer("any.example.org."));
        assertEquals(1, upstream.asked("any.example.org.").size());
        upstream.setMood("");
        ForwardingBed.await(
                "recovery",
                () -> ForwardingBed.text(askUnchecked("any.example.org.")).equals(GOOD));
    }

    @Test
    void servesOldDataWhileNoUpstreamAnswers() throws IOException, InterruptedException {
        upstream.setMood("short");
        Message fresh = bed.ask("any.example.org.");
        assertEquals(1, ttl(fresh));
        assertFalse(isStale(fresh));
        upstream.setMood("silent");
        ForwardingBed.await("an old answer", () -> isStale(askUnchecked("any.example.org.")));
        Message[] old = new Message[1];
        long millis = ForwardingBed.millis(() -> old[0] = bed.ask("any.example.org."));
        assertTrue(millis < 2_500, millis + " ms");
        assertEquals(GOOD, ForwardingBed.text(old[0]));
        assertEquals(30, ttl(old[0]));
        // Once an exchange has failed, nobody waits for the next one.
        ForwardingBed.await("an old answer at once", () -> {
            try {
                return ForwardingBed.millis(() -> assertTrue(isStale(bed.ask("any.example.org.")))) < 500;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        upstream.setMood("good");
        ForwardingBed.await("a new answer", () -> !isStale(askUnchecked("any.example.org.")));
    }

    @Test
    void answersFromTheCacheOverTcpAndWithoutEdns() throws IOException {
        assertEquals(GOOD, bed.answer("good.example.org."));
        var tcp = bed.client();
        tcp.setTCP(true);
        assertEquals(GOOD, ForwardingBed.text(tcp.send(ForwardingBed.query("good.example.org.", Type.A))));
        Message plain = ForwardingBed.query("good.example.org.", Type.A);
        plain.removeAllRecords(Section.ADDITIONAL);
        Message reply = bed.ask(plain);
        assertEquals(GOOD, ForwardingBed.text(reply));
        assertEquals(null, reply.getOPT());
        assertEquals(1, upstream.asked("good.example.org.").size());
    }

    @Test
    void truncatesCachedAnswersForEachClient() throws IOException {
        assertEquals(Rcode.NOERROR, bed.ask("large.example.org.").getRcode());
        Message plain = ForwardingBed.query("large.example.org.", Type.A);
        plain.removeAllRecords(Section.ADDITIONAL);
        Message small = bed.ask(plain);
        assertTrue(small.getHeader().getFlag(Flags.TC) && small.numBytes() <= 512);
        assertTrue(small.getSection(Section.ANSWER).size() > 20);
        var tcp = bed.client();
        tcp.setTCP(true);
        Message whole = tcp.send(plain);
        assertEquals(100, whole.getSection(Section.ANSWER).size());
        assertFalse(whole.getHeader().getFlag(Flags.TC));
        assertEquals(2, upstream.asked("large.example.org.").size(), "once over UDP, once over TCP");
    }
}
