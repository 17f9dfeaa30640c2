package directory.thisdcos.l4lb.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HysteresisTest {

    @Test
    void whatNeverAnsweredSaysNothing() {
        Hysteresis state = new Hysteresis(3, 2);
        for (int i = 0; i < 100; i++) {
            assertFalse(state.add(false));
        }
        assertFalse(state.isDown());
        assertFalse(state.wasUp());
    }

    @Test
    void severalInARowAreNeededBothWays() {
        Hysteresis state = new Hysteresis(3, 2);
        state.add(true);
        assertFalse(state.add(false));
        assertFalse(state.add(false));
        assertFalse(state.add(true));
        assertFalse(state.add(false));
        assertFalse(state.add(false));
        assertTrue(state.add(false), "the third in a row");
        assertTrue(state.isDown());
        assertFalse(state.add(true));
        assertFalse(state.add(false));
        assertFalse(state.add(true));
        assertTrue(state.add(true), "the second in a row");
        assertFalse(state.isDown());
    }

    /** The state is that of the last run of equal results that was long enough: a model with the whole history. */
    @Test
    void itIsWhatTheHistorySays() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int falls = 1 + random.nextInt(4);
            int rises = 1 + random.nextInt(4);
            double up = random.nextDouble();
            Hysteresis state = new Hysteresis(falls, rises);
            List<Boolean> history = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                boolean result = random.nextDouble() < up;
                history.add(result);
                boolean before = state.isDown();
                assertEquals(before != model(history, falls, rises), state.add(result));
                assertEquals(model(history, falls, rises), state.isDown());
            }
        }
    }

    private static boolean model(List<Boolean> history, int falls, int rises) {
        boolean down = false;
        int first = history.indexOf(true);
        for (int end = first + 1; first >= 0 && end <= history.size(); end++) {
            int needed = down ? rises : falls;
            boolean isTurn = end - needed >= 0;
            for (int i = Math.max(0, end - needed); i < end; i++) {
                isTurn &= history.get(i) == down;
            }
            down = isTurn != down;
        }
        return down;
    }
}
