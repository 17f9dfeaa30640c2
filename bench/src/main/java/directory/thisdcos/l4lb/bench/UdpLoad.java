package directory.thisdcos.l4lb.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A DNS load generator of one thread: several sockets, batches, and a look at the id and the response code of every
 * answer. Either keeps a fixed number of queries under way, with two system calls for a batch, so that it is not what
 * saturates; or sends so many a second whatever comes back, where a query's time counts from when it was due.
 */
final class UdpLoad {
    private static final int SOCKETS = 8;
    private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int BUCKETS = 20_000;
    private static final int MAX_SHOWN = 3;

    /**
     * What a run has shown.
     *
     * @param perSecond answers per second
     * @param p50 and p99, in microseconds
     */
    record Result(double perSecond, long answers, long lost, long wrong, int p50, int p99) {}

    private final UdpQueries queries;
    private final Random random = new Random(1);
    private final int[] histogram = new int[BUCKETS];
    private long answers;
    private long lost;
    private long wrong;

    UdpLoad(UdpQueries queries) {
        this.queries = queries;
    }

    /** A socket, its slots that are free, and when it was last heard of. */
    private static final class Line {
        private final UdpClient client;
        private final ArrayDeque<Integer> free = new ArrayDeque<>();
        private long heardAt = System.nanoTime();

        Line(UdpClient client) {
            this.client = client;
            for (int slot = 0; slot < UdpClient.WINDOW; slot++) {
                free.add(slot);
            }
        }
    }

    /** @param perSecond queries in a second, or 0 for as many as the server takes */
    Result run(int port, long nanos, int perSecond) {
        answers = 0;
        lost = 0;
        wrong = 0;
        Arrays.fill(histogram, 0);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            lines.add(new Line(new UdpClient(port, queries, random)));
        }
        long began = System.nanoTime();
        long now = perSecond == 0 ? saturate(lines, began + nanos) : pace(lines, began, nanos, perSecond);
        lines.forEach(line -> line.client.close());
        return new Result(answers / ((now - began) / 1e9), answers, lost, wrong, percentile(0.5), percentile(0.99));
    }

    private long saturate(List<Line> lines, long end) {
        long now = System.nanoTime();
        while (now < end) {
            for (Line line : lines) {
                hear(line);
                refill(line);
            }
            now = System.nanoTime();
        }
        return now;
    }

    private static void refill(Line line) {
        if (line.free.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        int count = 0;
        while (!line.free.isEmpty()) {
            line.client.prepare(count++, line.free.remove(), now);
        }
        line.client.send(count);
    }

    private long pace(List<Line> lines, long began, long nanos, int perSecond) {
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long due = began;
        long now = began;
        for (int turn = 0; now < began + nanos; turn++) {
            Line line = lines.get(turn % lines.size());
            Integer slot = now - due < 0 ? null : line.free.poll();
            if (slot != null) {
                line.client.prepare(0, slot, due);
                line.client.send(1);
                due += interval;
            }
            hear(line);
            now = System.nanoTime();
        }
        return now;
    }

    private void hear(Line line) {
        UdpClient client = line.client;
        int received = client.receive();
        long now = System.nanoTime();
        if (received <= 0) {
            if (now - line.heardAt > LOST_NANOS && line.free.size() < UdpClient.WINDOW) {
                giveUp(line, now);
            }
            return;
        }
        line.heardAt = now;
        for (int i = 0; i < received; i++) {
            int slot = client.slot(i);
            if (slot < 0) {
                continue;
            }
            if (!client.isRight(i, slot) && wrong++ < MAX_SHOWN) {
                System.err.println("wrong: " + client.show(i, slot));
            }
            answers++;
            histogram[(int) Math.min((now - client.sentAt(slot)) / 1_000, BUCKETS - 1)]++;
            client.forget(slot);
            line.free.add(slot);
        }
    }

    private void giveUp(Line line, long now) {
        for (int slot = 0; slot < UdpClient.WINDOW; slot++) {
            if (!line.free.contains(slot)) {
                lost++;
                line.client.forget(slot);
                line.free.add(slot);
            }
        }
        line.heardAt = now;
    }

    private int percentile(double share) {
        long rank = (long) (answers * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += histogram[i];
            if (seen > rank) {
                return i;
            }
        }
        return BUCKETS;
    }
}
