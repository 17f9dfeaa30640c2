package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.ReplyLayout;
import directory.thisdcos.l4lb.dns.wire.Wire;
import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One query on its way to an answer: attempts one after the other until one succeeds or time is up. Runs on one event
 * loop from beginning to end, so it needs no locks.
 */
final class Exchange {
    private static final long ATTEMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
    private static final long TOTAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2_900);
    /** Refused connections fail at once; this bounds how often each upstream is asked again. */
    private static final int MAX_ROUNDS = 3;

    private final DeferredQuery query;
    private final Forwarder.Sockets sockets;
    private final Upstreams upstreams;
    private final ForwardMetrics metrics;
    private final RandomGenerator random;
    private final BiConsumer<String, ClientReply> done;
    private final EventLoop loop;
    private final int firstUpstream;
    private final long deadline = System.nanoTime() + TOTAL_NANOS;

    private int attempt;
    private boolean finished;
    private boolean anySilent;
    private @Nullable Attempt current;
    private @Nullable ScheduledFuture<?> timer;

    Exchange(
            DeferredQuery query,
            Forwarder.Sockets sockets,
            Upstreams upstreams,
            ForwardMetrics metrics,
            RandomGenerator random,
            BiConsumer<String, ClientReply> done) {
        this.query = query;
        this.sockets = sockets;
        this.upstreams = upstreams;
        this.metrics = metrics;
        this.random = random;
        this.done = done;
        this.loop = sockets.loops().next();
        this.firstUpstream = upstreams.first();
    }

    void start() {
        loop.execute(() -> ask(true, false));
    }

    private int upstream() {
        return firstUpstream + attempt;
    }

    private void ask(boolean withEdns, boolean overTcp) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || attempt >= MAX_ROUNDS * upstreams.size()) {
            finish("failed", ClientReply.failure(query, reason()));
            return;
        }
        UpstreamQuery question = UpstreamQuery.of(query, random.nextInt(1 << 16), withEdns);
        current = Attempt.begin(loop, sockets, upstreams.get(upstream()), question, overTcp, this);
        timer = loop.schedule(this::timedOut, Math.min(left, ATTEMPT_NANOS), TimeUnit.NANOSECONDS);
    }

    private ExtendedError reason() {
        return anySilent ? ExtendedError.NO_REACHABLE_AUTHORITY : ExtendedError.NETWORK_ERROR;
    }

    private void timedOut() {
        anySilent = true;
        failed("timeout");
    }

    /** The current attempt cannot succeed: the next upstream is asked. */
    void failed(String result) {
        if (finished) {
            return;
        }
        stop();
        metrics.attempt(upstreams.get(upstream()).toString(), result);
        upstreams.failed(upstream());
        attempt++;
        ask(true, false);
    }

    /** Looks at a packet from the upstream; true if the attempt is over. What does not match is as if it never came. */
    boolean received(UpstreamQuery question, boolean overTcp, byte[] reply) {
        if (finished || !ReplyLayout.hasId(reply, question.id())) {
            return false;
        }
        int rcode = Wire.u16(reply, 2) & 0xf;
        if (!ReplyLayout.repeats(reply, query.question())) {
            // Some servers answer what they cannot parse with a bare header; to them OPT may be what is wrong.
            if (question.withEdns() && Wire.u16(reply, 4) == 0 && rcode == Rcode.FORMERR.value()) {
                askAgain(false, overTcp);
                return true;
            }
            return false;
        }
        ReplyLayout layout = ReplyLayout.of(reply, query.question().length);
        if ((Wire.u16(reply, 2) & Wire.TC) != 0 && !overTcp) {
            askAgain(question.withEdns(), true);
        } else if (!layout.isWellFormed()) {
            failed("malformed");
        } else if (isEdnsRefused(question, layout, rcode)) {
            // RFC 6891 §7: FORMERR without OPT tells of a server that does not know EDNS.
            askAgain(false, overTcp);
        } else {
            metrics.attempt(upstreams.get(upstream()).toString(), "ok");
            finish("ok", ClientReply.relay(query, reply, layout));
        }
        return true;
    }

    private static boolean isEdnsRefused(UpstreamQuery question, ReplyLayout layout, int rcode) {
        return question.withEdns()
                && !layout.hasOpt()
                && (rcode == Rcode.FORMERR.value() || rcode == Rcode.NOTIMP.value());
    }

    private void askAgain(boolean withEdns, boolean overTcp) {
        stop();
        ask(withEdns, overTcp);
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private void finish(String outcome, ClientReply reply) {
        finished = true;
        stop();
        done.accept(outcome, reply);
    }
}
