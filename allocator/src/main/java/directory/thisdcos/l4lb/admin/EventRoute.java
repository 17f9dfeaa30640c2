package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.history.TableChange;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the virtual services as server-sent events, {@code service} with how it is now and {@code change} with what
 * the history says of it. The first event, {@code table}, says from which table on; whoever connects anew reads the list
 * again. Each client has a thread of its own, so that a slow one holds up nobody.
 */
final class EventRoute {
    private static final Logger log = LoggerFactory.getLogger(EventRoute.class);
    private static final String PATH = "/v1/events";
    private static final int MAX_CLIENTS = 32;
    private static final long LOOK_MILLIS = 100;

    /** Well below the 30 s after which an idle connection is closed. */
    private static final long HEARTBEAT_MILLIS = 10_000;

    private final Supplier<State> table;
    private final Optional<TableHistory> history;
    private final Semaphore places = new Semaphore(MAX_CLIENTS);

    EventRoute(Supplier<State> table, Optional<TableHistory> history) {
        this.table = table;
        this.history = history;
    }

    void register(RoutesConfig routes) {
        routes.before(PATH, EventRoute::checkAccept);
        routes.sse(PATH, this::accept);
    }

    private static void checkAccept(Context context) {
        if (!Optional.ofNullable(context.header("Accept")).orElse("").contains("text/event-stream")) {
            throw new ApiException(
                    406, "a stream", "Accept", "this is a stream of events", "send Accept: text/event-stream");
        }
    }

    private void accept(SseClient client) {
        if (!places.tryAcquire()) {
            client.sendEvent("error", "{\"detail\":\"" + MAX_CLIENTS + " clients listen already; try again later\"}");
            client.close();
            return;
        }
        client.keepAlive();
        Thread thread = new Thread(() -> serve(client), "admin-events");
        thread.setDaemon(true);
        client.onClose(thread::interrupt);
        thread.start();
    }

    private void serve(SseClient client) {
        try {
            State shown = table.get();
            long told = lastChange();
            client.sendEvent("table", "{\"table\":" + shown.seq() + "}", Long.toString(shown.seq()));
            long quiet = 0;
            while (isThere(client)) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                State now = table.get();
                quiet += LOOK_MILLIS;
                if (now != shown) {
                    for (String change : changes(shown, now)) {
                        client.sendEvent("service", change, Long.toString(now.seq()));
                        quiet = 0;
                    }
                    shown = now;
                }
                if (lastChange() > told) {
                    for (TableChange change : history.orElseThrow().after(told)) {
                        client.sendEvent("change", text(out -> ChangeRoutes.write(change, out)));
                        told = change.id();
                        quiet = 0;
                    }
                }
                if (quiet >= HEARTBEAT_MILLIS) {
                    client.sendComment("still here");
                    quiet = 0;
                }
            }
        } catch (InterruptedException e) {
            log.debug("a client of /v1/events is gone");
        } catch (IOException | RuntimeException e) {
            // The top of the thread: this client is gone, or its events cannot be made; it will connect again.
            log.warn("events for a client ended: {}", e.toString());
            if (isThere(client)) {
                client.close();
            }
        } finally {
            places.release();
        }
    }

    /**
     * Jetty takes a request back when its connection, or the server, ends, and tells nobody who only writes. What is done
     * with it then fails, and Javalin would try to answer that failure for ever.
     */
    private static boolean isThere(SseClient client) {
        if (client.terminated()) {
            return false;
        }
        try {
            return !client.ctx().path().isEmpty();
        } catch (RuntimeException e) {
            log.debug("a request of /v1/events was taken back: {}", e.toString());
            return false;
        }
    }

    private long lastChange() {
        return history.map(TableHistory::lastId).orElse(0L);
    }

    private static List<String> changes(State before, State after) throws IOException {
        List<String> changes = new ArrayList<>();
        List<IOException> failures = new ArrayList<>();
        after.forEachDifference(before, (old, now) -> {
            try {
                addChanges(old, now, changes);
            } catch (IOException e) {
                failures.add(e);
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return changes;
    }

    private static void addChanges(@Nullable Vip old, @Nullable Vip now, List<String> changes) throws IOException {
        if (old != null) {
            for (VirtualService service : old.services()) {
                if (now == null || now.service(service.key()).isEmpty()) {
                    changes.add(text("gone", out -> VipsJson.writeService(old, service, out)));
                }
            }
        }
        if (now != null) {
            for (VirtualService service : now.services()) {
                VirtualService before =
                        old == null ? null : old.service(service.key()).orElse(null);
                if (before == null || !service.equals(before)) {
                    changes.add(
                            text(before == null ? "new" : "changed", out -> VipsJson.writeService(now, service, out)));
                }
            }
        }
    }

    private static String text(String change, JsonAnswer.Body service) throws IOException {
        return text(out -> {
            out.writeStartObject();
            out.writeStringField("change", change);
            out.writeFieldName("service");
            service.write(out);
            out.writeEndObject();
        });
    }

    private static String text(JsonAnswer.Body value) throws IOException {
        return new String(JsonAnswer.bytes(value), StandardCharsets.UTF_8).strip();
    }
}
