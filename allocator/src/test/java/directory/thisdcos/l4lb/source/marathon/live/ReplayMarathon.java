package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.http.ReplayServer.Reply;
import directory.thisdcos.l4lb.source.http.ReplayServer.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Answers over HTTP as Marathon does, out of the documents that a test gives it. Single quotes stand for double ones. */
public final class ReplayMarathon implements AutoCloseable {
    private final ReplayServer server;
    private final Map<String, String> apps = new ConcurrentSkipListMap<>();
    private final Map<String, String> pods = new ConcurrentSkipListMap<>();
    private final List<Reply> streams = new CopyOnWriteArrayList<>();

    /** What happens before the usual answer; whether it answered itself. */
    public interface Interference {
        boolean handle(Request request, Reply reply) throws IOException;
    }

    public volatile Interference interference = (request, reply) -> false;
    volatile String name = "marathon";

    public ReplayMarathon() throws IOException {
        server = new ReplayServer(this::answer);
    }

    public ReplayServer server() {
        return server;
    }

    public String url() {
        return server.url();
    }

    /** Puts an app; {@code fields} without its id. */
    public void app(String id, String fields) {
        apps.put(id, quoted("{'id':'" + id + "'," + fields + "}"));
    }

    void pod(String id, String fields) {
        pods.put(id, quoted("{'id':'" + id + "'," + fields + "}"));
    }

    public void delete(String id) {
        apps.remove(id);
        pods.remove(id);
    }

    /** An app with one port and a VIP of its name. */
    public static String web(String name, String tasks) {
        return "'portDefinitions':[{'port':0,'labels':{'VIP_0':'/" + name + ":80'}}],'tasks':[" + tasks + "]";
    }

    public static String task(String id, String host, int port) {
        return "{'id':'" + id + "','host':'" + host + "','ports':[" + port + "],'state':'TASK_RUNNING'}";
    }

    public static String quoted(String json) {
        return json.replace('\'', '"');
    }

    /** Sends an event to every stream, framed as Jetty does. */
    public void event(String type, String fields) throws IOException {
        raw(framed(type, fields));
    }

    static String framed(String type, String fields) {
        return "event: " + type + "\r\ndata: " + quoted("{" + fields + ",'eventType':'" + type + "'}") + "\r\n\r\n";
    }

    /** Sends text to every stream, in a chunk of its own. */
    void raw(String text) throws IOException {
        for (Reply stream : streams) {
            stream.chunk(text);
        }
    }

    /** The same, to whoever still listens. */
    void tryRaw(String text) {
        for (Reply stream : streams) {
            try {
                stream.chunk(text);
            } catch (IOException e) {
                // Its own thread takes it off the list.
            }
        }
    }

    /** Ends all streams. */
    public void cutStreams() {
        server.cutAll();
    }

    public void awaitStreams(int count) throws InterruptedException {
        await(() -> streams.size() == count);
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** The usual answers. */
    void answer(Request request, Reply reply) throws IOException {
        if (interference.handle(request, reply)) {
            return;
        }
        String path = request.path();
        if (path.equals("/v2/info")) {
            reply.json(quoted("{'name':'" + name + "','version':'1.11.0','elected':true}"));
        } else if (path.equals("/v2/events")) {
            stream(request, reply);
        } else if (path.equals("/v2/apps")) {
            reply.json("{\"apps\":[" + String.join(",", apps.values()) + "]}");
        } else if (path.equals("/v2/pods/::status")) {
            reply.json("[" + String.join(",", pods.values()) + "]");
        } else if (path.startsWith("/v2/apps/")) {
            one(
                    reply,
                    Optional.ofNullable(apps.get(path.substring("/v2/apps".length())))
                            .map(app -> "{\"app\":" + app + "}"));
        } else if (path.startsWith("/v2/pods/") && path.endsWith("::status")) {
            one(reply, Optional.ofNullable(pods.get(path.substring("/v2/pods".length(), path.length() - 8))));
        } else {
            reply.send(404, "unknown");
        }
    }

    private static void one(Reply reply, Optional<String> found) throws IOException {
        if (found.isPresent()) {
            reply.json(found.get());
        } else {
            reply.send(404, "{\"message\":\"App does not exist\"}", "Content-Type: application/json");
        }
    }

    private void stream(Request request, Reply reply) throws IOException {
        if (!request.header("accept").equals("text/event-stream")) {
            reply.send(405, "");
            return;
        }
        reply.stream(200, "Content-Type: text/event-stream; charset=UTF-8");
        streams.add(reply);
        try {
            reply.chunk(quoted("event: event_stream_attached\r\ndata: {'remoteAddress':'127.0.0.1'}\r\n\r\n"));
            reply.stall();
        } finally {
            streams.remove(reply);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
