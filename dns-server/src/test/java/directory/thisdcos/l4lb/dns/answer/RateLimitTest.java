package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class RateLimitTest {
    private static final String WEB = "web.marathon.l4lb.thisdcos.directory";
    private static final int ASKED = 200;

    private final Asker asker = Asker.small();

    private int full;
    private int cut;

    private void ask(Transport transport) {
        byte[] query = Asker.query(WEB, Type.A).toWire();
        for (int i = 0; i < ASKED; i++) {
            byte[] reply = asker.bytes(query, transport);
            if (reply.length > 0) {
                boolean truncated = (reply[2] & 2) != 0;
                cut += truncated ? 1 : 0;
                full += truncated ? 0 : 1;
            }
        }
    }

    @Test
    void cutsHalfOfTheRestAndDropsTheOtherHalf() throws Exception {
        asker.from("203.0.113.7");
        ask(Transport.UDP);
        // A second may end within the loop, which gives one more budget.
        assertTrue(full >= Asker.RESPONSES_PER_SECOND && full <= 2 * Asker.RESPONSES_PER_SECOND, "full " + full);
        int rest = ASKED - full;
        assertTrue(Math.abs(cut - rest / 2) <= 2, cut + " of " + rest);
        byte[] last;
        do {
            last = asker.bytes(Asker.query(WEB, Type.A).toWire(), Transport.UDP);
        } while (last.length == 0 || (last[2] & 2) == 0);
        Message truncated = new Message(last);
        assertTrue(truncated.getHeader().getFlag(Flags.TC));
        assertEquals(WEB + ".", truncated.getQuestion().getName().toString());
        assertEquals(List.of(), truncated.getSection(Section.ANSWER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "127.9.9.9"})
    void neverLimitsTheMachineItself(String address) {
        asker.from(address);
        ask(Transport.UDP);
        assertEquals(ASKED, full);
    }

    @Test
    void doesNotLimitStreams() {
        asker.from("203.0.113.7");
        ask(Transport.TCP);
        assertEquals(ASKED, full);
    }

    @Test
    void sharesABudgetWithinANetworkOnly() {
        asker.from("203.0.113.7");
        ask(Transport.UDP);
        full = 0;
        asker.from("203.0.114.7");
        ask(Transport.UDP);
        assertTrue(full >= Asker.RESPONSES_PER_SECOND, "another network: " + full);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.7, true", "203.0.113.8, false"})
    void doesNotLimitWhoShowsItsCookie(String second, boolean unlimited) {
        Message query = Asker.query(WEB, Type.A);
        query.addRecord(
                new OPTRecord(1232, 0, 0, 0, List.of(new CookieOption(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))),
                Section.ADDITIONAL);
        asker.from("203.0.113.7");
        Message first = asker.ask(query, Transport.UDP);
        CookieOption cookie = (CookieOption) Objects.requireNonNull(first.getOPT())
                .getOptions(EDNSOption.Code.COOKIE)
                .get(0);
        Message again = Asker.query(WEB, Type.A);
        again.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(cookie)), Section.ADDITIONAL);
        asker.from(second);
        byte[] wire = again.toWire();
        int answered = 0;
        for (int i = 0; i < ASKED; i++) {
            byte[] reply = asker.bytes(wire, Transport.UDP);
            answered += reply.length > 0 && (reply[2] & 2) == 0 ? 1 : 0;
        }
        assertEquals(unlimited, answered == ASKED, "answered " + answered);
    }

    /** However many threads answer it, a network has one budget. */
    @Test
    void isOneBudgetForAllThreads() throws Exception {
        RateLimit limit = new RateLimit(Asker.RESPONSES_PER_SECOND, () -> 5_000_000_000L);
        InetAddress client = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7});
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger truncated = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < ASKED; j++) {
                    switch (limit.take(client, false)) {
                        case SEND -> sent.incrementAndGet();
                        case TRUNCATE -> truncated.incrementAndGet();
                        case DROP -> {}
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(Asker.RESPONSES_PER_SECOND, sent.get());
        assertEquals((4 * ASKED - Asker.RESPONSES_PER_SECOND) / 2, truncated.get());
    }
}
