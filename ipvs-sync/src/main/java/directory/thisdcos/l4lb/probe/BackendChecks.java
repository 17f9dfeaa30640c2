package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Check;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks servers again and again, each at its own interval, spread at random. At most {@link #MAX_UNDER_WAY} checks are
 * under way at once, the others wait for their turn; all on one thread, {@code health-checks}. What was not checked yet
 * counts as serving.
 */
public final class BackendChecks implements AutoCloseable {
    /** Sockets that are open at once. */
    static final int MAX_UNDER_WAY = 128;

    private static final Logger log = LoggerFactory.getLogger(BackendChecks.class);

    /** One server's turn. */
    private static final class Turn {
        private final CheckKey key;
        private final Hysteresis state;
        private boolean dropped;

        private Turn(CheckKey key) {
            this.key = key;
            this.state = Hysteresis.strict(key.check().fall(), key.check().rise());
        }
    }

    private final Consumer<CheckKey> listener;
    private final CheckMetrics metrics;
    private final InstantSource clock;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("health-checks", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final CheckExchange exchange = new CheckExchange(loop);

    // Only the loop's thread touches these.
    private final Map<CheckKey, Turn> turns = new HashMap<>();
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private int underWay;

    private final Map<CheckKey, CheckFailure> failures = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param listener told of each server that begins or ends to fail, on the thread of the checks */
    public BackendChecks(Consumer<CheckKey> listener, PrometheusRegistry registry, InstantSource clock) {
        this.listener = listener;
        this.metrics = new CheckMetrics(registry, failures::size);
        this.clock = clock;
    }

    /** Sets what is checked from now on; what was checked before keeps its state. */
    public void set(Set<CheckKey> wanted) {
        Set<CheckKey> now = Set.copyOf(wanted);
        metrics.wanted(now.size());
        loop.execute(() -> {
            turns.values().removeIf(turn -> {
                turn.dropped = !now.contains(turn.key);
                return turn.dropped;
            });
            failures.keySet().retainAll(now);
            for (CheckKey key : now) {
                if (!turns.containsKey(key)) {
                    Turn turn = new Turn(key);
                    turns.put(key, turn);
                    later(turn, ThreadLocalRandom.current().nextLong(key.check().intervalMillis()));
                }
            }
        });
    }

    private void later(Turn turn, long millis) {
        if (!closed && !turn.dropped) {
            var unusedTimer = loop.schedule(() -> begin(turn), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void begin(Turn turn) {
        if (closed || turn.dropped) {
            return;
        }
        if (underWay >= MAX_UNDER_WAY) {
            waiting.add(turn);
            return;
        }
        underWay++;
        long began = System.nanoTime();
        Check check = turn.key.check();
        exchange.run(turn.key, fault -> {
            underWay--;
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            result(turn, fault);
            long jitter =
                    ThreadLocalRandom.current().nextLong(check.intervalMillis() / 5 + 1) - check.intervalMillis() / 10;
            later(turn, Math.max(1, check.intervalMillis() + jitter - tookMillis));
            Turn next = waiting.poll();
            if (next != null) {
                begin(next);
            }
        });
    }

    private void result(Turn turn, Optional<String> fault) {
        if (turn.dropped) {
            return;
        }
        CheckKey key = turn.key;
        metrics.checked(key.check().kind(), fault.isEmpty());
        boolean changed = turn.state.add(fault.isEmpty());
        if (turn.state.isDown() && fault.isPresent()) {
            failures.compute(
                    key,
                    (same, before) ->
                            new CheckFailure(key, fault.get(), before == null ? clock.instant() : since(before)));
        } else if (!turn.state.isDown()) {
            failures.remove(key);
        }
        if (changed) {
            log.info(
                    "check={} server={} {}",
                    key.check().kind().text(),
                    key.server(),
                    fault.map(reason -> "fails: " + reason).orElse("succeeds again"));
            listener.accept(key);
        }
    }

    private static Instant since(CheckFailure before) {
        return before.since();
    }

    /** Whether a server fails its check so often that it should get no connections. */
    public boolean fails(CheckKey key) {
        return failures.containsKey(key);
    }

    /** The servers that fail now. */
    public List<CheckFailure> failures() {
        return List.copyOf(failures.values());
    }

    @Override
    public void close() {
        closed = true;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
    }
}
