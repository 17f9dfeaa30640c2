package directory.thisdcos.l4lb.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WatchedTest {
    private final Watched watched = new Watched(ProbeSettings.DEFAULT);

    private static Neighbour neighbour(int number, int port) {
        return new Neighbour("n" + number, new Endpoint(Ip.of("10.0.0." + number), port));
    }

    private static Ip ip(int number) {
        return Ip.of("10.0.0." + number);
    }

    private void results(Watched.Entry entry, ProbeOutcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            watched.add(entry, outcome, 0);
        }
    }

    @Test
    void aRefusalIsAnAnswerOfTheMachine() {
        Watched.Entry entry = watched.set(List.of(neighbour(1, 1)), 0).get(0);
        results(entry, ProbeOutcome.ANSWERED, 1);
        results(entry, ProbeOutcome.REFUSED, 10);
        results(entry, ProbeOutcome.LOST, 2);
        results(entry, ProbeOutcome.UNKNOWN, 10);
        assertEquals(Set.of(), watched.unreachable());
        results(entry, ProbeOutcome.LOST, 1);
        assertEquals(Set.of(ip(1)), watched.unreachable(), "what says nothing does not break the row");
        results(entry, ProbeOutcome.REFUSED, 3);
        assertEquals(Set.of(), watched.unreachable());
    }

    @Test
    void oneThatLeftIsWatchedForAWhileAndAsLongAsItDoesNotAnswer() {
        List<Watched.Entry> both = watched.set(List.of(neighbour(1, 1), neighbour(2, 1)), 0);
        both.forEach(entry -> results(entry, ProbeOutcome.ANSWERED, 1));
        watched.set(List.of(), 0);
        results(both.get(0), ProbeOutcome.LOST, 3);
        assertEquals(Set.of(ip(1)), watched.unreachable(), "it fell after its session had ended");
        watched.add(both.get(1), ProbeOutcome.REFUSED, Watched.FAREWELL.toNanos() + 1);
        assertFalse(watched.isWatched(both.get(1)));
        assertTrue(watched.isWatched(both.get(0)));
        for (int i = 0; i < 3; i++) {
            watched.add(both.get(0), ProbeOutcome.REFUSED, Watched.FAREWELL.toNanos() + 1);
        }
        assertEquals(Set.of(), watched.unreachable());
        assertFalse(watched.isWatched(both.get(0)), "it answers, and has left");
    }

    @Test
    void aNewPortIsTheSameMachine() {
        Watched.Entry entry = watched.set(List.of(neighbour(1, 1)), 0).get(0);
        results(entry, ProbeOutcome.ANSWERED, 1);
        results(entry, ProbeOutcome.LOST, 3);
        assertEquals(List.of(), watched.set(List.of(neighbour(1, 2)), 0));
        assertEquals(2, entry.neighbour().probe().port());
        assertEquals(Set.of(ip(1)), watched.unreachable());
    }

    @Test
    void ofThoseThatLeftOnlySomeAreKept() {
        List<Watched.Entry> all = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            all.addAll(watched.set(List.of(neighbour(i, 1)), i));
            results(all.get(i - 1), ProbeOutcome.ANSWERED, 1);
            results(all.get(i - 1), ProbeOutcome.LOST, 3);
        }
        watched.set(List.of(), 41);
        assertEquals(16, watched.entries().size());
        assertTrue(watched.isWatched(all.get(39)));
        assertFalse(watched.isWatched(all.get(0)));
    }
}
