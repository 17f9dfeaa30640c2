package directory.thisdcos.l4lb.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code MesosLoad CHECKOUT TASKS RATE}: starts {@code l4lb standalone --mesos} with a heap of 512 MiB on a master with
 * so many tasks, ten for each service, and prints when all of them are in the table; then sends 20 seconds of health
 * changes, each of another task, and prints how long they took from the socket to ZooKeeper.
 */
public final class MesosLoad {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int UPDATE_SECONDS = 20;
    private static final int ADMIN_PORT = 16209;
    private static final String HEAP = "-Xmx512m";

    private final HttpClient http = HttpClient.newHttpClient();

    private MesosLoad() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new MesosLoad().measure(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    }

    private void measure(Path checkout, int tasks, int rate) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("l4lb-bench");
        try (MesosMaster master = new MesosMaster(tasks)) {
            Process process = start(checkout, work, master.url());
            try {
                String source = "source=\"mesos:" + master.url() + "\"";
                awaitMetric("l4lb_mesos_events_total{" + source + ",type=\"SUBSCRIBED\"}", 0);
                long begin = System.nanoTime();
                awaitMetric("l4lb_mesos_events_total{" + source + ",type=\"SUBSCRIBED\"}", 1);
                awaitMetric("l4lb_source_lag_seconds_count{" + source + "}", 1);
                double whole = metric("l4lb_source_lag_seconds_sum{" + source + "}");
                System.out.printf(
                        "%d tasks, %d MB: in the table %.2f s after the record's first octets (seen after %d ms),"
                                + " %.1f s of CPU since the start, resident %d MiB with %s%n",
                        tasks,
                        master.stateOctets() / 1_000_000,
                        whole,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                        cpuSeconds(process),
                        resident(process.pid()),
                        HEAP);
                int updates = rate * UPDATE_SECONDS;
                double before = metric("l4lb_source_lag_seconds_count{" + source + "}");
                master.update(rate, updates);
                awaitMetric("l4lb_mesos_events_total{" + source + ",type=\"TASK_UPDATED\"}", updates);
                long sent = System.nanoTime();
                awaitQuiet("l4lb_source_lag_seconds_count{" + source + "}", before + 1);
                System.out.printf(
                        "%d updates at %d/s: lag p50 %.1f ms, p99 %.1f ms, %.0f steps of the source, resident %d MiB (%d ms later)%n",
                        updates,
                        rate,
                        1000 * metric("l4lb_source_lag_seconds{" + source + ",quantile=\"0.5\"}"),
                        1000 * metric("l4lb_source_lag_seconds{" + source + ",quantile=\"0.99\"}"),
                        metric("l4lb_source_lag_seconds_count{" + source + "}") - before,
                        resident(process.pid()),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent));
            } finally {
                process.destroy();
                process.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Process start(Path checkout, Path work, String master) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        checkout.resolve("l4lb").toString(),
                        "standalone",
                        "--mesos",
                        master,
                        "--data",
                        work.resolve("data").toString(),
                        "--dns-listen",
                        "127.0.0.1:15455",
                        "--admin-listen",
                        "127.0.0.1:" + ADMIN_PORT,
                        "--ipvs",
                        "off"))
                .directory(checkout.toFile())
                .redirectOutput(work.resolve("l4lb.out").toFile())
                .redirectError(work.resolve("l4lb.err").toFile());
        String more = builder.environment().getOrDefault("L4LB_JAVA_OPTS", "");
        builder.environment().put("L4LB_JAVA_OPTS", (HEAP + " " + more).strip());
        return builder.start();
    }

    /** Until it has come so far and stands still: the last ones are still being written when the first are there. */
    private void awaitQuiet(String name, double atLeast) throws IOException, InterruptedException {
        double last;
        double now = 0;
        do {
            last = now;
            awaitMetric(name, atLeast);
            Thread.sleep(200);
            now = metric(name);
        } while (now != last);
    }

    private void awaitMetric(String name, double atLeast) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (metric(name) < atLeast) {
            if (System.nanoTime() > deadline) {
                throw new IOException(name + " is not " + atLeast + " within " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(50);
        }
    }

    /** A value of the program's metrics; 0 while there is none. */
    private double metric(String name) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ADMIN_PORT + "/metrics"))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            String text =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher line =
                    Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(text);
            return line.find() ? Double.parseDouble(line.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Tells more than the clock where the machine has other work too. */
    private static double cpuSeconds(Process process) {
        return process.info()
                .totalCpuDuration()
                .map(time -> time.toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private static long resident(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        return -1;
    }
}
