package directory.thisdcos.l4lb.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

/** Answers one SUBSCRIBE as a Mesos master does: a state of many tasks, then updates at a steady rate. */
final class MesosMaster implements AutoCloseable {
    private static final int TASKS_PER_SERVICE = 10;
    private static final int TASKS_PER_AGENT = 50;

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int tasks;
    private final CountDownLatch updates = new CountDownLatch(1);
    private volatile int rate;
    private volatile int count;
    private volatile long stateOctets;

    MesosMaster(int tasks) throws IOException {
        this.tasks = tasks;
        Thread thread = new Thread(this::serve, "bench-master");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    long stateOctets() {
        return stateOctets;
    }

    /** Begins to send so many updates, each of another task. */
    void update(int perSecond, int total) {
        rate = perSecond;
        count = total;
        updates.countDown();
    }

    private void serve() {
        try (Socket socket = listener.accept();
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10)) {
            int read = socket.getInputStream().read(new byte[8192]);
            if (read < 0) {
                return;
            }
            out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            sendState(out);
            updates.await();
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long due = begin + i * 1_000_000_000L / rate;
                while (System.nanoTime() < due) {
                    java.util.concurrent.locks.LockSupport.parkNanos(due - System.nanoTime());
                }
                byte[] update = update(i).getBytes(StandardCharsets.UTF_8);
                chunk(out, (update.length + "\n").getBytes(StandardCharsets.US_ASCII));
                chunk(out, update);
                out.flush();
            }
            Thread.sleep(Long.MAX_VALUE);
        } catch (IOException | InterruptedException e) {
            // The program was stopped.
        }
    }

    private void sendState(OutputStream out) throws IOException {
        String head = "{\"type\":\"SUBSCRIBED\",\"subscribed\":{\"heartbeat_interval_seconds\":600.0,\"get_state\":{"
                + "\"get_frameworks\":{\"frameworks\":[{\"framework_info\":{\"name\":\"marathon\","
                + "\"id\":{\"value\":\"f1\"}}}]},\"get_agents\":{\"agents\":[";
        String middle = "]},\"get_tasks\":{\"tasks\":[";
        String tail = "]}}}}";
        int agents = (tasks + TASKS_PER_AGENT - 1) / TASKS_PER_AGENT;
        long length = head.length()
                + middle.length()
                + tail.length()
                + length(agents, this::agent)
                + length(tasks, this::task);
        stateOctets = length;
        chunk(out, (length + "\n").getBytes(StandardCharsets.US_ASCII));
        chunk(out, head.getBytes(StandardCharsets.US_ASCII));
        send(out, agents, this::agent);
        chunk(out, middle.getBytes(StandardCharsets.US_ASCII));
        send(out, tasks, this::task);
        chunk(out, tail.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Octets of so many texts with commas between them; all are ASCII. */
    private static long length(int count, IntFunction<String> text) {
        long length = count - 1L;
        for (int i = 0; i < count; i++) {
            length += text.apply(i).length();
        }
        return length;
    }

    private static void send(OutputStream out, int count, IntFunction<String> text) throws IOException {
        StringBuilder some = new StringBuilder();
        for (int i = 0; i < count; i++) {
            some.append(i == 0 ? "" : ",").append(text.apply(i));
            if (some.length() > 16_000 || i == count - 1) {
                chunk(out, some.toString().getBytes(StandardCharsets.US_ASCII));
                some.setLength(0);
            }
        }
    }

    private static void chunk(OutputStream out, byte[] octets) throws IOException {
        out.write((Integer.toHexString(octets.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(octets);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private String agent(int i) {
        return String.format(
                Locale.ROOT,
                "{\"agent_info\":{\"id\":{\"value\":\"S%1$d\"},\"hostname\":\"10.%2$d.%3$d.1\",\"port\":5051},"
                        + "\"active\":true,\"pid\":\"slave(1)@10.%2$d.%3$d.1:5051\",\"version\":\"1.11.0\"}",
                i,
                i / 250,
                i % 250);
    }

    private static String taskId(int i) {
        return "svc-" + i / TASKS_PER_SERVICE + ".instance-c7c311a4-b669-11e6-a48f-0ea4f4b1778c-" + i + "._app.1";
    }

    private static String status(int i, int time, boolean healthy) {
        return "{\"task_id\":{\"value\":\"" + taskId(i)
                + "\"},\"state\":\"TASK_RUNNING\",\"source\":\"SOURCE_EXECUTOR\","
                + "\"healthy\":" + healthy + ",\"timestamp\":" + time + ",\"container_status\":{\"network_infos\":["
                + "{\"ip_addresses\":[{\"protocol\":\"IPv4\",\"ip_address\":\"9.0.2.3\"}]}]}}";
    }

    private String task(int i) {
        return "{\"name\":\"svc-" + i / TASKS_PER_SERVICE + "\",\"task_id\":{\"value\":\"" + taskId(i)
                + "\"},\"framework_id\":{\"value\":\"f1\"},\"agent_id\":{\"value\":\"S" + i / TASKS_PER_AGENT
                + "\"},\"state\":\"TASK_RUNNING\",\"resources\":[{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":"
                + "{\"value\":0.1}},{\"name\":\"ports\",\"type\":\"RANGES\",\"ranges\":{\"range\":[{\"begin\":31000,"
                + "\"end\":31000}]}}],\"statuses\":[" + status(i, 1_500_000_000, true)
                + "],\"health_check\":{\"type\":\"HTTP\"},\"discovery\":{\"visibility\":\"FRAMEWORK\",\"name\":\"svc-"
                + i / TASKS_PER_SERVICE + "\",\"ports\":{\"ports\":[{\"number\":" + (31_000 + i % TASKS_PER_AGENT)
                + ",\"name\":\"http\",\"protocol\":\"tcp\",\"labels\":{\"labels\":[{\"key\":\"VIP_0\",\"value\":\"/svc-"
                + i / TASKS_PER_SERVICE + ":80\"},{\"key\":\"network-scope\",\"value\":\"host\"}]}}]}},"
                + "\"container\":{\"type\":\"MESOS\"}}";
    }

    private String update(int i) {
        return "{\"type\":\"TASK_UPDATED\",\"task_updated\":{\"framework_id\":{\"value\":\"f1\"},\"status\":"
                + status(i % tasks, 1_500_000_001 + i / tasks, (i / tasks) % 2 == 1) + ",\"state\":\"TASK_RUNNING\"}}";
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
