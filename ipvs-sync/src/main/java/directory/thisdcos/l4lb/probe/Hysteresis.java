package directory.thisdcos.l4lb.probe;

/**
 * Up or down by several equal results in a row, so that one lost packet changes nothing. It begins up, but cannot fall
 * before it was up once: what never answered may be behind a firewall, and says nothing. For one thread.
 */
final class Hysteresis {
    private final int falls;
    private final int rises;
    private boolean wasUp;
    private boolean down;
    private int against;

    Hysteresis(int falls, int rises) {
        this(falls, rises, false);
    }

    private Hysteresis(int falls, int rises, boolean wasUp) {
        this.falls = falls;
        this.rises = rises;
        this.wasUp = wasUp;
    }

    /** One that may fall without having been up: what should answer, and never did, is down. */
    static Hysteresis strict(int falls, int rises) {
        return new Hysteresis(falls, rises, true);
    }

    /** Returns whether this result changed what counts. */
    boolean add(boolean up) {
        wasUp |= up;
        if (up != down || !wasUp) {
            against = 0;
            return false;
        }
        against++;
        if (against < (down ? rises : falls)) {
            return false;
        }
        against = 0;
        down = !down;
        return true;
    }

    boolean isDown() {
        return down;
    }

    /** Whether it answered at least once. */
    boolean wasUp() {
        return wasUp;
    }

    /** Whether the last results say the same as what counts. */
    boolean isSure() {
        return against == 0;
    }
}
