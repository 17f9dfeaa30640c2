package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream and what experience says of it. Safe for every thread. */
final class Resolver {
    /** Questions under way to one upstream, so that a slow one cannot take the room of the others. */
    private static final int MAX_IN_FLIGHT = 1_024;

    private static final int MISSES_TILL_DOWN = 3;
    private static final long FIRST_GUESS_NANOS = TimeUnit.MILLISECONDS.toNanos(75);
    private static final long MIN_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long MAX_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FOLDS_CASE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Upstream upstream;
    private final InetSocketAddress socketAddress;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger misses = new AtomicInteger();
    private volatile long smoothed = FIRST_GUESS_NANOS;
    private volatile long variation = FIRST_GUESS_NANOS;
    private volatile boolean looping;
    private volatile String trouble = "";
    private volatile boolean foldsCase;
    private volatile long foldsCaseSince;

    Resolver(Upstream upstream) {
        Endpoint address = upstream.address();
        this.upstream = upstream;
        this.socketAddress = new InetSocketAddress(address.ip().toInetAddress(), address.port());
    }

    Upstream upstream() {
        return upstream;
    }

    InetSocketAddress socketAddress() {
        return socketAddress;
    }

    /** Whether it is asked over a connection that is kept, never over UDP. */
    boolean isStream() {
        return upstream.isTls();
    }

    /** Why it could not be reached when it was last tried, in words; empty if nobody knows. */
    String trouble() {
        return trouble;
    }

    void setTrouble(String reason) {
        trouble = reason;
    }

    /** Takes a place for a question; false if too many are under way. */
    boolean enter() {
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    /** Whether there is room for questions that only save time. */
    boolean hasRoomToHedge() {
        return inFlight.get() < MAX_IN_FLIGHT / 2;
    }

    /** It replied, whatever it said, after {@code nanos}. Smoothed as TCP does (RFC 6298 §2). */
    synchronized void replied(long nanos) {
        misses.set(0);
        variation += (Math.abs(smoothed - nanos) - variation) / 4;
        smoothed += (nanos - smoothed) / 8;
    }

    /** It replied to a probe: what was learnt before, perhaps while it was ill, counts no more. */
    synchronized void recovered(long nanos) {
        misses.set(0);
        smoothed = nanos;
        variation = nanos / 2;
    }

    void isAlive() {
        misses.set(0);
    }

    /** It did not reply within {@code nanos}, or could not be reached at all. */
    synchronized void missed(long nanos) {
        misses.incrementAndGet();
        if (nanos > smoothed) {
            smoothed += (nanos - smoothed) / 8;
        }
    }

    boolean isDown() {
        return misses.get() >= MISSES_TILL_DOWN;
    }

    /** How long to wait for it before another one is asked too. */
    long patienceNanos() {
        return Math.max(MIN_PATIENCE_NANOS, Math.min(MAX_PATIENCE_NANOS, smoothed + 4 * variation));
    }

    long smoothedNanos() {
        return smoothed;
    }

    boolean isLooping() {
        return looping;
    }

    void setLooping(boolean looping) {
        this.looping = looping;
    }

    /** It does not repeat the case of the question; asked again from time to time, since servers are replaced. */
    void foldsCase(long now) {
        foldsCaseSince = now;
        foldsCase = true;
    }

    boolean keepsCase(long now) {
        return !foldsCase || now - foldsCaseSince > FOLDS_CASE_NANOS;
    }

    @Override
    public String toString() {
        return upstream.toString();
    }
}
