package directory.thisdcos.l4lb.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * {@code FirstAnswer CHECKOUT NAMES}: starts {@code l4lb standalone} on a folder of NAMES apps with an empty data
 * folder, then again on the data that this left, and prints for each: milliseconds from the command to its ready line,
 * to the first right answer, to the last of all names, and the resident memory then.
 */
public final class FirstAnswer {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int DNS_PORT = 15454;
    private static final int ADMIN_PORT = 16208;

    private final Path checkout;
    private final int names;
    private final Path work;

    private FirstAnswer(Path checkout, int names, Path work) {
        this.checkout = checkout;
        this.names = names;
        this.work = work;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("l4lb-bench");
        FirstAnswer bench = new FirstAnswer(Path.of(arguments[0]), Integer.parseInt(arguments[1]), work);
        bench.writeApps();
        bench.measure("empty data folder");
        bench.measure("restart");
    }

    private void writeApps() throws IOException {
        Path apps = Files.createDirectory(work.resolve("apps"));
        for (int i = 0; i < names; i++) {
            Files.writeString(apps.resolve("svc-" + i + ".json"), """
                    {"id": "/svc-%1$d",
                     "portDefinitions": [{"port": 31000, "protocol": "tcp", "labels": {"VIP_0": "/svc-%1$d:80"}}],
                     "tasks": [{"id": "svc-%1$d.1", "appId": "/svc-%1$d", "host": "10.%2$d.%3$d.1", "ports": [31000],
                                "state": "TASK_RUNNING"}]}
                    """.formatted(i, i / 250, i % 250));
        }
    }

    private void measure(String title) throws IOException, InterruptedException {
        Path out = Files.createTempFile(work, "l4lb", ".out");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(List.of(
                        checkout.resolve("l4lb").toString(),
                        "standalone",
                        "--apps",
                        work.resolve("apps").toString(),
                        "--data",
                        work.resolve("data").toString(),
                        "--dns-listen",
                        "127.0.0.1:" + DNS_PORT,
                        "--admin-listen",
                        "127.0.0.1:" + ADMIN_PORT,
                        "--ipvs",
                        "plan"))
                .directory(checkout.toFile())
                .redirectOutput(out.toFile())
                .redirectError(work.resolve("l4lb.err").toFile())
                .start();
        try {
            await(() -> Files.readString(out).startsWith("ready "));
            long ready = System.nanoTime();
            await(() -> resolves(0));
            long first = System.nanoTime();
            List<Integer> missing = new ArrayList<>();
            for (int i = names - 1; i > 0; i--) {
                missing.add(i);
            }
            await(() -> {
                while (!missing.isEmpty() && resolves(missing.get(missing.size() - 1))) {
                    missing.remove(missing.size() - 1);
                }
                return missing.isEmpty();
            });
            long last = System.nanoTime();
            System.out.printf(
                    "%s: %d names: ready %d ms, first answer %d ms, all answered %d ms, resident %d MiB%n",
                    title,
                    names,
                    millis(start, ready),
                    millis(start, first),
                    millis(start, last),
                    residentMebibytes(process.pid()));
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static long millis(long from, long to) {
        return TimeUnit.NANOSECONDS.toMillis(to - from);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not within " + LIMIT.toSeconds() + " s");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean resolves(int number) throws IOException {
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(DNS_PORT);
        resolver.setTimeout(Duration.ofMillis(500));
        Record question = Record.newRecord(
                Name.fromString("svc-" + number + ".marathon.l4lb.thisdcos.directory."), Type.A, DClass.IN);
        try {
            Message answer = resolver.send(Message.newQuery(question));
            return answer.getSection(Section.ANSWER).stream().anyMatch(ARecord.class::isInstance);
        } catch (SocketTimeoutException | java.net.ConnectException e) {
            return false;
        }
    }

    private static long residentMebibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                / 1024;
    }
}
