package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

/** Upstreams by suffix. */
class SplitForwardingTest {
    private final HostileUpstream masters = HostileUpstream.start("good", true);
    private final HostileUpstream others = HostileUpstream.start("good", true);
    private final HostileUpstream rest = HostileUpstream.start("good", true);

    @AfterEach
    void close() {
        masters.close();
        others.close();
        rest.close();
    }

    private ForwardSettings settings(boolean withRest) {
        return ForwardSettings.parse(
                withRest ? List.of(rest.endpoint().toString()) : List.of(),
                List.of("mesos=" + masters.endpoint(), "deep.mesos=" + others.endpoint()),
                Optional.empty(),
                1 << 20);
    }

    private static List<String> names(HostileUpstream upstream) {
        return upstream.asked().stream()
                .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .toList();
    }

    @Test
    void theLongestSuffixWins() throws IOException {
        try (ForwardingBed bed = ForwardingBed.start(settings(true))) {
            for (String name :
                    List.of("a.mesos.", "mesos.", "b.DEEP.mesos.", "xmesos.", "mesos.example.", "c.mesos.")) {
                assertEquals(Rcode.NOERROR, bed.ask(name).getRcode(), name);
            }
        }
        assertEquals(List.of("a.mesos.", "c.mesos.", "mesos."), names(masters));
        assertEquals(List.of("b.deep.mesos."), names(others));
        assertEquals(List.of("mesos.example.", "xmesos."), names(rest));
    }

    @Test
    void withoutARouteANameIsRefused() throws IOException {
        try (ForwardingBed bed = ForwardingBed.start(settings(false))) {
            assertEquals("REFUSED", bed.answer("www.example.org."));
            assertEquals(Rcode.NOERROR, bed.ask("a.mesos.").getRcode());
            assertEquals(
                    Rcode.NOERROR,
                    bed.ask("web.marathon.l4lb.thisdcos.directory.").getRcode());
        }
    }

    @Test
    void whatIsLearntOfAnUpstreamOutlivesAChangeOfTheOthers() {
        ForwardSettings settings = ForwardSettings.none();
        Upstream one = Upstream.parse("10.0.0.1");
        Routes before = Routes.of(settings, List.of(one), Routes.NONE);
        Routes after = Routes.of(settings, List.of(Upstream.parse("10.0.0.2"), one), before);
        assertEquals(
                before.all().iterator().next().resolvers().get(0),
                after.all().iterator().next().resolvers().get(1));
    }
}
