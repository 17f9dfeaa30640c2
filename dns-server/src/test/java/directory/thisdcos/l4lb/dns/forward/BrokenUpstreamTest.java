package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Whatever an upstream does, the client has an answer within three seconds, and nothing wrong is kept. */
class BrokenUpstreamTest {
    private static final String GOOD = "NOERROR " + HostileAnswers.TRUTH;
    /** An exchange ends after 2.6 s; the rest is for a busy machine. A stub resolver waits for five. */
    private static final long BOUND_MILLIS = 4_000;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "badvers",
                "newedns",
                "badopt",
                "forever",
                "oversized",
                "twice",
                "delegates",
                "stub",
                "wrongid",
                "wrongquestion",
                "otherport",
                "noresponse",
                "garbage"
            })
    void theTruthGetsThrough(String behaviour) throws IOException {
        assertEquals(GOOD, bed.answer(behaviour + ".example.org."));
        assertEquals(GOOD, bed.answer(behaviour + ".example.org."), "and it stays");
        assertFalse(bed.ask("victim.example.com.").toString().contains(HostileAnswers.LIE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "badcookie",
                "selfalias",
                "aliasloop",
                "longchain",
                "partial",
                "lengthlies",
                "halfopen",
                "drip",
                "malformed",
                "silent",
                "nxwithdata",
                "flapping"
            })
    void thereIsAnAnswerInTimeAndOursAreNotSlower(String behaviour) throws IOException {
        String name = behaviour + ".example.org.";
        long began = System.nanoTime();
        var waiting = bed.client().sendAsync(ForwardingBed.query(name, Type.A)).toCompletableFuture();
        assertEquals("NOERROR 11.0.0.1", bed.answer("web.marathon.l4lb.thisdcos.directory."));
        Message reply = waiting.join();
        assertTrue(System.nanoTime() - began < BOUND_MILLIS * 1_000_000, "in time");
        assertTrue(reply.getRcode() <= 5, "an error that a stub resolver knows: " + reply);
        if (reply.getRcode() == Rcode.SERVFAIL && !behaviour.equals("flapping")) {
            assertEquals(1, reply.getOPT().getOptions(15).size(), "the reason is told");
        }
    }

    @Test
    void whatIsCutAndCannotBeHadWholeIsSaidToBeCut() throws IOException {
        for (String behaviour : List.of("partial", "halfopen")) {
            Message reply = bed.ask(behaviour + "1.example.org.");
            assertTrue(reply.getHeader().getFlag(Flags.TC) || reply.getRcode() == Rcode.SERVFAIL, behaviour);
        }
    }

    @Test
    void aContradictionIsNotKept() throws IOException {
        bed.ask("nxwithdata.example.org.");
        bed.ask("nxwithdata.example.org.");
        assertEquals(2, upstream.asked("nxwithdata.example.org.").size());
        Message other = bed.ask(ForwardingBed.query("nxwithdata.example.org.", Type.AAAA));
        assertEquals(3, upstream.asked("nxwithdata.example.org.").size(), "nor for other types: " + other);
    }

    @Test
    void nothingIsKeptForLongerThanADay() throws IOException {
        bed.ask("forever.example.org.");
        long ttl = bed.ask("forever.example.org.")
                .getSection(Section.ANSWER)
                .get(0)
                .getTTL();
        assertTrue(ttl <= 86_400, "TTL " + ttl);
    }
}
