package directory.thisdcos.l4lb.bench.marathon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code LoadServer APPS TASKS EVENTS_PER_SECOND EVENTS}: answers as a Marathon with APPS apps of TASKS tasks each. When
 * its standard input gives a line, it sends so many events, each of which turns the health of one task. Prints its port,
 * and for each event about a probe (the first task of one of the first {@link #PROBES} apps) {@code APP ALIVE NANOS}.
 */
public final class LoadServer {
    static final int PROBES = 50;
    private static final int PROBE_EVERY = 10;

    private final int apps;
    private final int tasks;
    private final BitSet dead = new BitSet();
    private final CountDownLatch streaming = new CountDownLatch(1);
    private volatile OutputStream stream = OutputStream.nullOutputStream();

    private LoadServer(int apps, int tasks) {
        this.apps = apps;
        this.tasks = tasks;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        LoadServer load = new LoadServer(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v2/info", exchange -> load.send(exchange, "{\"name\":\"marathon\",\"version\":\"1\"}"));
        server.createContext("/v2/apps", load::apps);
        server.createContext("/v2/pods/", exchange -> load.send(exchange, "[]"));
        server.createContext("/v2/events", load::events);
        server.start();
        System.out.println(server.getAddress().getPort());
        while (System.in.read() >= 0) {
            load.streaming.await();
            load.sendEvents(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        }
        System.exit(0);
    }

    private void sendEvents(int perSecond, int count) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
            }
            boolean probe = i % PROBE_EVERY == 0;
            int app = probe ? i / PROBE_EVERY % PROBES : PROBES + i % (apps - PROBES);
            int task = probe ? 0 : i / (apps - PROBES) % tasks;
            send(app, task, probe);
        }
        System.out.println("end");
    }

    private void send(int app, int task, boolean probe) throws IOException {
        boolean alive;
        synchronized (dead) {
            dead.flip(app * tasks + task);
            alive = !dead.get(app * tasks + task);
        }
        String event = "event: health_status_changed_event\r\ndata: {\"appId\":\"" + id(app) + "\",\"taskId\":\""
                + taskId(app, task) + "\",\"version\":\"2026-01-01T00:00:00.000Z\",\"alive\":" + alive
                + ",\"eventType\":\"health_status_changed_event\",\"timestamp\":\"" + java.time.Instant.now()
                + "\"}\r\n\r\n";
        long sent = System.nanoTime();
        stream.write(event.getBytes(StandardCharsets.UTF_8));
        stream.flush();
        if (probe) {
            System.out.println(app + " " + alive + " " + sent);
        }
    }

    static String name(int app) {
        return "svc-" + app;
    }

    private static String id(int app) {
        return "/load/" + name(app);
    }

    private static String taskId(int app, int task) {
        return "load_" + name(app) + ".c7c311a4-b669-11e6-a48f-"
                + "000000000000".substring(Integer.toHexString(task).length()) + Integer.toHexString(task);
    }

    private void events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=UTF-8");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write("event: event_stream_attached\r\ndata: {}\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        stream = out;
        streaming.countDown();
        LockSupport.park();
    }

    private void apps(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.length() > "/v2/apps/".length()) {
            send(exchange, "{\"app\":" + app(Integer.parseInt(path.substring(path.lastIndexOf('-') + 1))) + "}");
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            for (int app = 0; app < apps; app++) {
                out.write(((app == 0 ? "{\"apps\":[" : ",") + app(app)).getBytes(StandardCharsets.UTF_8));
            }
            out.write("]}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private String app(int app) {
        StringBuilder text = new StringBuilder(1_000 + tasks * 700);
        text.append("""
                {"id":"%1$s","cmd":"sleep 1000","args":null,"user":null,"env":{"A":"1","B":"2"},"instances":%2$d,\
                "cpus":0.1,"mem":128,"disk":0,"gpus":0,"executor":"","constraints":[],"fetch":[],\
                "backoffSeconds":1,"backoffFactor":1.15,"maxLaunchDelaySeconds":3600,"container":null,\
                "healthChecks":[{"gracePeriodSeconds":300,"intervalSeconds":60,"maxConsecutiveFailures":3,"path":"/",\
                "portIndex":0,"protocol":"HTTP","timeoutSeconds":20,"delaySeconds":15}],"readinessChecks":[],\
                "portDefinitions":[{"port":10000,"protocol":"tcp","name":"web","labels":{"VIP_0":"/%3$s:80"}}],\
                "labels":{"team":"load"},"requirePorts":false,"tasksStaged":0,"tasksRunning":%2$d,"tasks":[""".formatted(id(app), tasks, name(app)));
        for (int task = 0; task < tasks; task++) {
            text.append(task == 0 ? "" : ",").append(task(app, task));
        }
        return text.append("]}").toString();
    }

    private String task(int app, int task) {
        boolean alive;
        int number = app * tasks + task;
        synchronized (dead) {
            alive = !dead.get(number);
        }
        String host = "10." + (number / 25_000 % 200) + "." + (number / 100 % 250) + "." + (1 + number % 100);
        return "{\"ipAddresses\":[{\"ipAddress\":\"" + host + "\",\"protocol\":\"IPv4\"}],\"stagedAt\":"
                + "\"2026-01-01T00:00:00.000Z\",\"state\":\"TASK_RUNNING\",\"ports\":[" + (20_000 + number % 10_000)
                + "],\"startedAt\":\"2026-01-01T00:00:01.000Z\",\"version\":\"2026-01-01T00:00:00.000Z\",\"id\":\""
                + taskId(app, task) + "\",\"appId\":\"" + id(app)
                + "\",\"slaveId\":\"20150707-153709-201330860-5050-12052-S0\",\"host\":\"" + host
                + "\",\"servicePorts\":[10000],\"healthCheckResults\":[{\"alive\":" + alive
                + ",\"consecutiveFailures\":0,\"firstSuccess\":\"2026-01-01T00:00:02.000Z\",\"lastFailure\":null,"
                + "\"lastSuccess\":\"2026-01-01T00:00:02.000Z\",\"lastFailureCause\":null,\"instanceId\":\""
                + taskId(app, task) + "\"}],\"localVolumes\":[],\"role\":\"slave_public\"}";
    }

    private void send(HttpExchange exchange, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, octets.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(octets);
        }
    }
}
