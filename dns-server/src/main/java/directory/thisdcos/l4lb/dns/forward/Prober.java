package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks upstreams for names that nobody else could know. A reply shows that one is well again; the same question coming
 * in shows that it sends queries back to us. Each is asked at start, rarely while it works, and soon while it is silent,
 * passed over or looping. Runs on one event loop.
 */
final class Prober implements AutoCloseable {
    private static final String REPORTER = "dns-upstreams";
    private static final String LABEL = "l4lb-loop-check";
    private static final long TICK_MILLIS = 250;
    private static final int MAX_BACKOFF = 4;
    private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
    private static final long PASSED_OVER_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long WELL_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** When an upstream was last asked, and how often in a row it was silent. */
    private static final class Schedule {
        private long askedNanos;
        private int silent;
        private boolean asked;
        private boolean underWay;
    }

    private final ForwardContext context;
    private final Supplier<Routes> routes;
    private final ProblemBoard problems;
    private final EventLoop loop;
    private final Map<Name, Probe> underWay = new ConcurrentHashMap<>();
    private Map<Resolver, Schedule> schedules = new HashMap<>();
    private @Nullable ScheduledFuture<?> ticking;

    Prober(ForwardContext context, Supplier<Routes> routes, ProblemBoard problems) {
        this.context = context;
        this.routes = routes;
        this.problems = problems;
        this.loop = context.sockets().loops().next();
    }

    void start() {
        ticking = loop.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether a query is a probe of ours that has come back. From any thread. */
    boolean isOwn(QuestionKey key) {
        if (underWay.isEmpty()) {
            return false;
        }
        Probe probe = underWay.get(key.name());
        if (probe != null) {
            probe.cameBack();
        }
        return probe != null;
    }

    private void tick() {
        long now = System.nanoTime();
        Map<Resolver, Schedule> kept = new HashMap<>();
        for (Route route : routes.get().all()) {
            for (Resolver resolver : route.resolvers()) {
                Schedule known = kept.getOrDefault(resolver, schedules.get(resolver));
                Schedule schedule = known == null ? new Schedule() : known;
                kept.put(resolver, schedule);
                boolean due = !schedule.asked || now - schedule.askedNanos >= interval(route, resolver, schedule);
                if (due && !schedule.underWay && resolver.enter()) {
                    schedule.askedNanos = now;
                    schedule.asked = true;
                    schedule.underWay = true;
                    probe(route, resolver, schedule);
                }
            }
        }
        schedules = kept;
        report();
    }

    private static long interval(Route route, Resolver resolver, Schedule schedule) {
        if (resolver.isDown() || resolver.isLooping() || schedule.silent > 0) {
            return SILENT_NANOS << Math.min(schedule.silent, MAX_BACKOFF);
        }
        return route.isPassedOver(resolver) ? PASSED_OVER_NANOS : WELL_NANOS;
    }

    private void probe(Route route, Resolver resolver, Schedule schedule) {
        String id = String.format(
                Locale.ROOT,
                "%04x%04x%04x",
                context.entropy().id(),
                context.entropy().id(),
                context.entropy().id());
        Name name = route.suffix().child(LABEL).child(id);
        QuestionKey key = QuestionKey.of(name, Type.A);
        Probe probe = new Probe(resolver, key, context.entropy(), result -> {
            underWay.remove(name);
            schedule.underWay = false;
            learn(resolver, schedule, result);
        });
        underWay.put(name, probe);
        try {
            probe.start(loop, context.links());
        } catch (RejectedExecutionException e) {
            // The server is closing.
            underWay.remove(name);
        }
    }

    private void learn(Resolver resolver, Schedule schedule, Probe.Result result) {
        context.metrics().probe(resolver, result);
        resolver.setLooping(result == Probe.Result.CAME_BACK);
        schedule.silent = result == Probe.Result.REPLIED ? 0 : schedule.silent + 1;
        if (result == Probe.Result.SILENT) {
            resolver.missed(0);
        }
    }

    private void report() {
        List<Problem> current = new ArrayList<>();
        for (Resolver resolver : schedules.keySet()) {
            if (resolver.isLooping()) {
                current.add(new Problem(
                        "upstream-loop",
                        resolver.toString(),
                        "this upstream sends our queries back to us, so it is not used; make it forward elsewhere, or"
                                + " name another one with --upstream"));
            } else if (resolver.isDown()) {
                current.add(new Problem(
                        "upstream-down",
                        resolver.toString(),
                        "this upstream does not answer"
                                + (resolver.trouble().isEmpty() ? "" : " (" + resolver.trouble() + ")")
                                + "; others are asked first, and it is probed until it does"));
            }
        }
        problems.report(REPORTER, current);
    }

    @Override
    public void close() {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }
}
