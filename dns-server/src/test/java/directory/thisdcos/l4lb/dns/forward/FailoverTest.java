package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Several upstreams, of which some are ill. */
class FailoverTest {
    private static final String GOOD = "NOERROR " + HostileAnswers.TRUTH;

    private final HostileUpstream bad = HostileUpstream.start();
    private final HostileUpstream good = HostileUpstream.start("good", true);

    @AfterEach
    void close() {
        bad.close();
        good.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"servfail", "refused", "malformed", "lame", "bareheader", "silent", "cutoff"})
    void asksTheNextOneWhenTheFirstFails(String mood) throws IOException {
        bad.setMood(mood);
        try (ForwardingBed bed = ForwardingBed.start(List.of(bad.endpoint(), good.endpoint()))) {
            long millis = ForwardingBed.millis(() -> assertEquals(GOOD, bed.answer("any.example.org.")));
            assertTrue(millis < 1_500, mood + " took " + millis + " ms");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"servfail", "refused"})
    void relaysTheFailureThatAllAgreeOn(String mood) throws IOException {
        bad.setMood(mood);
        good.setMood(mood);
        try (ForwardingBed bed = ForwardingBed.start(List.of(bad.endpoint(), good.endpoint()))) {
            assertEquals(mood.toUpperCase(java.util.Locale.ROOT), bed.answer("any.example.org."));
            assertEquals(1, bad.asked().size());
            assertEquals(1, good.asked().size());
        }
    }

    @Test
    void doesNotAskElsewhereWhatDoesNotExist() throws IOException {
        bad.setMood("nxsoa");
        try (ForwardingBed bed = ForwardingBed.start(List.of(bad.endpoint(), good.endpoint()))) {
            assertEquals("NXDOMAIN", bed.answer("any.example.org."));
            assertEquals(List.of(), good.asked());
        }
    }

    @Test
    void passesOverASilentUpstreamUntilItIsWellAgain() throws IOException, InterruptedException {
        bad.setMood("silent");
        try (ForwardingBed bed = ForwardingBed.start(List.of(bad.endpoint(), good.endpoint()))) {
            for (int i = 0; i < 4; i++) {
                assertEquals(GOOD, bed.answer("one" + i + ".example.org."));
            }
            ForwardingBed.await("problem", () -> bed.hasProblem("upstream-down"));
            int before = bad.asked().size();
            assertEquals(GOOD, bed.answer("two.example.org."));
            assertEquals(before, bad.asked().size(), "a silent upstream is not asked first");
            bad.setMood("good");
            ForwardingBed.await("recovery", () -> !bed.hasProblem("upstream-down"));
            ForwardingBed.await("use", () -> {
                try {
                    bed.answer("three" + System.nanoTime() + ".example.org.");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return bad.asked().size() > before;
            });
        }
    }

    @Test
    void saysWhyWithinThreeSecondsWhenAllAreSilent() throws IOException {
        bad.setMood("silent");
        good.setMood("silent");
        try (ForwardingBed bed = ForwardingBed.start(List.of(bad.endpoint(), good.endpoint()))) {
            Message[] reply = new Message[1];
            long millis = ForwardingBed.millis(() -> reply[0] = bed.ask("any.example.org."));
            assertTrue(millis < 3_600, millis + " ms");
            assertEquals(Rcode.SERVFAIL, reply[0].getRcode());
            assertEquals(
                    1,
                    reply[0].getOPT()
                            .getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)
                            .size());
        }
    }

    @Test
    void failsAtOnceWhenNothingListens() throws IOException {
        Endpoint closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = Endpoint.parse("127.0.0.1:" + socket.getLocalPort());
        }
        try (ForwardingBed bed = ForwardingBed.start(List.of(closed))) {
            long millis = ForwardingBed.millis(() -> assertEquals("SERVFAIL", bed.answer("any.example.org.")));
            assertTrue(millis < 1_500, millis + " ms");
        }
    }

    @Test
    void twoServersThatPointAtEachOtherNotice() throws IOException, InterruptedException {
        Endpoint second = freeForBoth();
        try (ForwardingBed one = ForwardingBed.start(List.of(second));
                ForwardingBed two = ForwardingBed.start(second, List.of(one.endpoint()))) {
            // As soon as one of them stops, the other's queries do not come back any more.
            ForwardingBed.await("loop", () -> one.hasProblem("upstream-loop") || two.hasProblem("upstream-loop"));
            long millis = ForwardingBed.millis(() -> assertEquals("SERVFAIL", one.answer("any.example.org.")));
            assertTrue(millis < 1_000, millis + " ms");
            assertEquals(
                    Rcode.NOERROR,
                    one.ask("web.marathon.l4lb.thisdcos.directory.").getRcode());
        }
    }

    /** A port that neither UDP nor TCP uses: the one that is free for UDP may be a connection's. */
    private static Endpoint freeForBoth() throws IOException {
        while (true) {
            try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                    ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 1, InetAddress.getLoopbackAddress())) {
                return Endpoint.parse("127.0.0.1:" + tcp.getLocalPort());
            } catch (BindException e) {
                // Another one, then.
            }
        }
    }
}
