package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question on its way to an answer. The best upstream is asked; when it fails the next one is at once, when it is
 * slower than usual the next one is as well, and the first good reply counts. Runs on one event loop from beginning to
 * end, so it needs no locks.
 */
final class Exchange implements Attempt.Listener {
    /** A stub resolver gives up after five seconds, some after three. */
    private static final long TOTAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2_600);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MIN_RETRANSMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int MAX_ROUNDS = 3;
    /** Sockets that wait for one question; few, since each is one more chance for a forger (RFC 5452 §5). */
    private static final int MAX_OPEN = 3;

    private final QuestionKey key;
    private final ForwardContext context;
    private final Consumer<Outcome> done;
    private final EventLoop loop;
    private final List<Resolver> order;
    private final List<Attempt> open = new ArrayList<>(MAX_OPEN);

    private int asked;
    private boolean finished;
    private boolean anySilent;
    private boolean anyRefusedForRoom;
    /** What an upstream said that may not be the best there is. */
    private @Nullable Answer spare;

    private @Nullable Answer truncated;
    private @Nullable Resolver inDoubt;
    private @Nullable ScheduledFuture<?> next;
    private @Nullable ScheduledFuture<?> deadline;

    Exchange(QuestionKey key, Route route, ForwardContext context, Consumer<Outcome> done) {
        this.key = key;
        this.context = context;
        this.done = done;
        this.loop = context.sockets().loops().next();
        this.order = route.order();
    }

    void start() {
        loop.execute(() -> {
            deadline = loop.schedule(this::expire, TOTAL_NANOS, TimeUnit.NANOSECONDS);
            askNext();
        });
    }

    private void askNext() {
        if (finished) {
            return;
        }
        if (asked >= order.size()) {
            if (spare != null) {
                finish(new Outcome.Failed(spare));
                return;
            }
            if (open.stream().anyMatch(Attempt::isFallback)) {
                return;
            }
        }
        Resolver resolver = pick();
        if (resolver == null) {
            if (open.isEmpty()) {
                finish(lastResort());
            }
            return;
        }
        boolean first = asked <= order.size();
        Manner manner = Manner.first(
                resolver,
                // What drops queries with OPT is met in the last round.
                key.dnssecOk() || resolver.isStream() || asked <= (MAX_ROUNDS - 1) * order.size(),
                resolver.keepsCase(System.nanoTime()));
        if (open.size() == MAX_OPEN) {
            giveUp(open.remove(0));
        }
        begin(resolver, manner);
        long patience = resolver.patienceNanos();
        askLater(first && order.size() > 1 ? patience : Math.max(patience, MIN_RETRANSMIT_NANOS));
    }

    /** The next one in order that has room, or null if none is left to be asked. */
    private @Nullable Resolver pick() {
        while (asked < MAX_ROUNDS * order.size()) {
            Resolver resolver = order.get(asked++ % order.size());
            boolean hasRoom = (open.isEmpty() || resolver.hasRoomToHedge()) && resolver.enter();
            if (hasRoom) {
                return resolver;
            }
            anyRefusedForRoom = true;
        }
        return null;
    }

    private void begin(Resolver resolver, Manner manner) {
        UpstreamQuery query = UpstreamQuery.of(key, manner, context.entropy());
        open.add(context.links().ask(loop, resolver, query, this));
    }

    private void askLater(long nanos) {
        if (next != null) {
            next.cancel(false);
        }
        next = loop.schedule(this::askNext, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void received(Attempt attempt, byte[] packet) {
        if (finished) {
            return;
        }
        Manner manner = attempt.query().manner();
        Verdict verdict = Verdict.of(packet, attempt.query(), key, context.local());
        if (verdict instanceof Verdict.Foreign) {
            context.metrics().attempt(attempt.resolver(), "foreign");
            if (attempt.isFallback()) {
                failed(attempt, "mismatch");
            }
            return;
        }
        if (attempt.isFallback()) {
            attempt.resolver().isAlive();
        } else {
            attempt.resolver().replied(attempt.ageNanos());
        }
        if (verdict instanceof Verdict.Good good) {
            learnCase(attempt, packet);
            context.metrics().attempt(attempt.resolver(), "ok");
            end(attempt);
            finish(new Outcome.Answered(good.answer()));
        } else if (verdict instanceof Verdict.Poor poor) {
            context.metrics().attempt(attempt.resolver(), poor.reason());
            spare = spare == null ? poor.answer() : spare;
            end(attempt);
            askNext();
        } else if (verdict instanceof Verdict.Truncated cut) {
            truncated = cut.answer();
            askAgain(attempt, manner.overTcp());
        } else if (verdict instanceof Verdict.OtherCase) {
            context.metrics().attempt(attempt.resolver(), "case");
            inDoubt = attempt.resolver();
            askAgain(attempt, manner.overTcp());
        } else if (verdict instanceof Verdict.NoEdns) {
            askAgain(attempt, manner.withoutEdns());
        } else {
            failed(attempt, "malformed");
        }
    }

    /** Over TCP nobody forges, so what changed the case is the server itself. */
    private static void learnCase(Attempt attempt, byte[] packet) {
        Manner manner = attempt.query().manner();
        if (manner.tcp() && manner.mixedCase() && attempt.query().match(packet) == UpstreamQuery.Match.OTHER_CASE) {
            attempt.resolver().foldsCase(System.nanoTime());
        }
    }

    private void askAgain(Attempt attempt, Manner manner) {
        end(attempt);
        if (attempt.resolver().enter()) {
            begin(attempt.resolver(), manner);
        } else {
            askNext();
        }
    }

    @Override
    public void failed(Attempt attempt, String reason) {
        if (finished) {
            return;
        }
        context.metrics().attempt(attempt.resolver(), reason);
        end(attempt);
        Manner manner = attempt.query().manner();
        if (!attempt.isFallback()) {
            attempt.resolver().missed(attempt.ageNanos());
        } else if (inDoubt == attempt.resolver() && manner.mixedCase()) {
            // TCP was to show whether the server keeps the case; without it, it is asked in lower case.
            attempt.resolver().foldsCase(System.nanoTime());
            askAgain(attempt, manner.plainOverUdp());
            return;
        }
        if (asked < order.size()) {
            askNext();
        } else if (open.isEmpty()) {
            if (truncated != null) {
                finish(lastResort());
            } else if (spare != null || asked >= MAX_ROUNDS * order.size()) {
                askNext();
            } else {
                askLater(RETRY_NANOS);
            }
        }
    }

    private void end(Attempt attempt) {
        open.remove(attempt);
        attempt.close();
    }

    private void giveUp(Attempt attempt) {
        if (attempt.ageNanos() >= attempt.resolver().patienceNanos()) {
            anySilent = true;
            attempt.resolver().missed(attempt.ageNanos());
            context.metrics().attempt(attempt.resolver(), "timeout");
        }
        attempt.close();
    }

    private void expire() {
        anySilent = true;
        finish(lastResort());
    }

    private Outcome lastResort() {
        if (truncated != null) {
            return new Outcome.Answered(truncated);
        }
        return new Outcome.Failed(spare == null ? Answer.failure(Rcode.SERVFAIL, reason()) : spare);
    }

    private ExtendedError reason() {
        if (anySilent) {
            return ExtendedError.NO_REACHABLE_AUTHORITY;
        }
        if (order.isEmpty()) {
            return ExtendedError.LOOP;
        }
        return anyRefusedForRoom ? ExtendedError.OVERLOADED : ExtendedError.NETWORK_ERROR;
    }

    private void finish(Outcome outcome) {
        if (finished) {
            return;
        }
        finished = true;
        open.forEach(this::giveUp);
        open.clear();
        if (next != null) {
            next.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        done.accept(outcome);
    }
}
