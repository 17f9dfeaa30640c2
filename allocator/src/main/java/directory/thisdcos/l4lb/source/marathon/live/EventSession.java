package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpFailure;
import directory.thisdcos.l4lb.source.http.SseEvent;
import directory.thisdcos.l4lb.source.http.SseReader;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.Attached;
import directory.thisdcos.l4lb.source.marathon.live.MarathonEvent.GroupChanged;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one stream of events from its beginning to its end. For one thread, except for {@link #close}. */
final class EventSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventSession.class);

    /** A plan of a large deployment, from a Marathon that does not know plan-format=light. */
    private static final int MAX_EVENT_BYTES = 16 << 20;

    /**
     * Marathon answers before it has begun to collect events, and then sends one that says that it has. One that does
     * not say so is given this time.
     */
    private static final Duration ATTACH_WITHIN = Duration.ofMillis(500);

    /** Events that are here already are told together, but not for longer than this. */
    private static final Duration TELL_WITHIN = Duration.ofMillis(5);

    /** Larger groups are not read one app at a time. */
    private static final int SMALL_GROUP = 50;

    private final HttpAnswer answer;
    private final String source;
    private final MarathonMirror mirror;
    private final Refetches refetches;
    private final FullReads fullReads;
    private final MarathonMetrics metrics;
    private boolean attached;
    private long untoldSince;

    EventSession(
            HttpAnswer answer,
            String source,
            MarathonMirror mirror,
            Refetches refetches,
            FullReads fullReads,
            MarathonMetrics metrics) {
        this.answer = answer;
        this.source = source;
        this.mirror = mirror;
        this.refetches = refetches;
        this.fullReads = fullReads;
        this.metrics = metrics;
    }

    /** Reads until the stream breaks. */
    void run(ScheduledExecutorService timer) throws HttpFailure {
        try {
            var unused = timer.schedule(this::attach, ATTACH_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return; // The source is closed.
        }
        SseReader reader = new SseReader(answer.body(), MAX_EVENT_BYTES);
        try {
            while (true) {
                Optional<SseEvent> event = reader.next();
                if (event.isEmpty()) {
                    throw new HttpFailure(HttpFailure.Reason.CUT, answer.server() + " ended the stream of events");
                }
                take(event.get());
                boolean late = System.nanoTime() - untoldSince > TELL_WITHIN.toNanos();
                if (late || !reader.hasMore()) {
                    mirror.flush();
                    untoldSince = System.nanoTime();
                }
            }
        } catch (HttpFailure e) {
            throw e;
        } catch (IOException e) {
            throw new HttpFailure(HttpFailure.Reason.CUT, answer.server() + ": the stream of events broke", e);
        } finally {
            mirror.flush();
        }
    }

    private synchronized void attach() {
        if (!attached) {
            attached = true;
            fullReads.requestNow();
        }
    }

    private void take(SseEvent event) {
        metrics.event(source, event.type());
        if (event.overlong()) {
            unusable("overlong", event.type() + " of more than " + MAX_EVENT_BYTES + " octets");
            return;
        }
        try {
            MarathonEvent meaning = EventParser.parse(event.type(), event.data());
            if (meaning instanceof Attached) {
                attach();
            } else if (meaning instanceof GroupChanged group) {
                group(group.group(), event.receivedNanos());
            } else {
                mirror.event(meaning, event.receivedNanos());
                touch(meaning.touched());
            }
        } catch (MalformedJsonException e) {
            unusable("malformed", event.type() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("source={} event {} failed", source, event.type(), e);
            unusable("failed", event.type());
        }
    }

    private void group(String group, long receivedNanos) {
        Set<String> members = mirror.inGroup(group);
        if (group.equals("/") || group.isEmpty() || members.size() > SMALL_GROUP) {
            fullReads.request();
        } else {
            mirror.event(new MarathonEvent.Touched(members), receivedNanos);
            touch(members);
        }
    }

    private void touch(Set<String> specs) {
        // Before, the first full reading will have it, or have it read again.
        if (mirror.isSynced()) {
            refetches.touch(specs);
        }
    }

    /** Something happened and nobody knows what. */
    private void unusable(String reason, String detail) {
        metrics.unusable(source, reason);
        log.debug("source={} cannot use an event: {}", source, detail);
        fullReads.request();
    }

    @Override
    public void close() {
        answer.close();
    }
}
