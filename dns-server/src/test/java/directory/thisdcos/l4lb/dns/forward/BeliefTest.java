package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is asked of an upstream, and what of its replies is believed. */
class BeliefTest {
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

    @Test
    void mixesTheCaseOfTheQuestionAndGivesTheClientItsOwn() throws IOException {
        String name = "a-rather-long-label-with-many-letters.example.org.";
        Message reply = bed.ask(name);
        assertEquals(GOOD, ForwardingBed.text(reply));
        assertEquals(name, reply.getQuestion().getName().toString());
        assertEquals(name, reply.getSection(Section.ANSWER).get(0).getName().toString());
        assertNotEquals(name, upstream.asked(name).get(0).name());
    }

    @Test
    void doesNotBelieveAnotherCaseOverUdp() throws IOException {
        assertEquals(GOOD, bed.answer("wrongcase.example.org."));
        assertTrue(upstream.asked("wrongcase.example.org.").stream().anyMatch(HostileUpstream.Asked::tcp));
    }

    @Test
    void learnsThatAnUpstreamFoldsCase() throws IOException {
        assertEquals(GOOD, bed.answer("foldscase.example.org."));
        assertEquals(GOOD, bed.answer("foldscase2.example.org."));
        List<HostileUpstream.Asked> second = upstream.asked("foldscase2.example.org.");
        assertEquals(1, second.size(), "asked once, in lower case");
        assertFalse(second.get(0).tcp());
        assertEquals("foldscase2.example.org.", second.get(0).name());
    }

    @Test
    void usesAnUpstreamThatFoldsCaseAndHasNoTcp() throws IOException {
        try (HostileUpstream poor = HostileUpstream.start("foldscase", false);
                ForwardingBed other = ForwardingBed.start(List.of(poor.endpoint()))) {
            assertEquals(GOOD, other.answer("any.example.org."));
        }
    }

    @Test
    void relaysOnlyRecordsThatAnswerTheQuestion() throws IOException {
        Message reply = bed.ask("poison.example.org.");
        assertEquals(GOOD, ForwardingBed.text(reply));
        assertEquals(1, reply.getSection(Section.ANSWER).size());
        assertEquals(0, reply.getSection(Section.AUTHORITY).size());
        assertFalse(reply.toString().contains(HostileAnswers.LIE));
    }

    @Test
    void putsAliasesBeforeAddresses() throws IOException {
        List<Record> records = bed.ask("alias.example.org.").getSection(Section.ANSWER);
        assertEquals(
                List.of(Type.CNAME, Type.A),
                records.stream().map(Record::getType).toList());
    }

    @Test
    void anAliasToANameOfOursGetsOurAddress() throws IOException {
        Message reply = bed.ask("intoours.example.org.");
        List<Record> records = reply.getSection(Section.ANSWER);
        assertEquals(2, records.size());
        assertEquals("11.0.0.1", records.get(1).rdataToString());
        assertEquals(5, records.get(1).getTTL());
        Message none = bed.ask(ForwardingBed.query("intoours.example.org.", Type.AAAA));
        assertEquals(Rcode.NOERROR, none.getRcode());
        assertEquals(1, none.getSection(Section.ANSWER).size());
        assertEquals(1, none.getSectionRRsets(Section.AUTHORITY).size());
    }

    @Test
    void passesDoAndCdOn() throws IOException {
        Message query = ForwardingBed.query("good.example.org.", Type.A);
        query.removeAllRecords(Section.ADDITIONAL);
        query.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        query.getHeader().setFlag(Flags.CD);
        Message reply = bed.ask(query);
        Message asked = upstream.asked("good.example.org.").get(0).query();
        assertTrue((asked.getOPT().getFlags() & ExtendedFlags.DO) != 0);
        assertTrue(asked.getHeader().getFlag(Flags.CD) && asked.getHeader().getFlag(Flags.RD));
        assertTrue(reply.getHeader().getFlag(Flags.CD));
        assertTrue((reply.getOPT().getFlags() & ExtendedFlags.DO) != 0);
    }

    @Test
    void asksOnceForAllWhoAskTheSame() throws IOException {
        Message query = ForwardingBed.query("slow.example.org.", Type.A);
        var clients = IntStream.range(0, 40)
                .mapToObj(i -> {
                    Message one = query.clone();
                    one.getHeader().setID(i);
                    return bed.client().sendAsync(one).toCompletableFuture();
                })
                .toList();
        clients.forEach(client -> assertEquals(GOOD, ForwardingBed.text(client.join())));
        assertEquals(1, upstream.asked("slow.example.org.").size());
    }

    @Test
    void survivesTruncationWithoutTcp() throws IOException {
        Message reply = bed.ask("cutoff.example.org.");
        assertEquals(Rcode.NOERROR, reply.getRcode());
        assertTrue(reply.getHeader().getFlag(Flags.TC));
        assertEquals(20, reply.getSection(Section.ANSWER).size());
    }
}
