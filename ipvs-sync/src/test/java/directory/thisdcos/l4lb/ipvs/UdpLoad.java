package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask 11.0.0.1:53 all the time. Some use each source port once, which is what the kernel takes for a new
 * client; others keep one socket.
 */
final class UdpLoad {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Longer than any answer takes in an emulated machine, so that only what is lost is late. */
    private static final int NEW_PORT_TIMEOUT_MILLIS = 10_000;

    private static final int SAME_SOCKET_TIMEOUT_MILLIS = 2_000;

    /** Between two questions of a client: the ports of one address last for the whole run. */
    private static final Duration NEW_PORT_PAUSE = Duration.ofMillis(5);

    /**
     * What comes within a tick or two of a removal may all be lost, since the kernel ends entries by timers and drops what
     * meets one whose server is gone (ip_vs_core.c: ip_vs_in_hook): a client that keeps its socket asks slower than that.
     */
    private static final Duration SAME_SOCKET_PAUSE = Duration.ofMillis(50);

    /** Below the kernel's own choice (ip_local_port_range), so that nobody else has used one. */
    private static final int FIRST_PORT = 2_000;

    /** Across the tests of a run: the kernel remembers a port for five minutes. */
    private static final Map<String, AtomicInteger> NEXT_PORT = new ConcurrentHashMap<>();

    /** Of servers that are out of the kernel. */
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Asker> askers = new ArrayList<>();
    private volatile boolean stop;

    /** One client, of one thread. */
    private final class Asker {
        final String namespace;
        final boolean sameSocket;
        final AtomicInteger answers = new AtomicInteger();
        final AtomicInteger lost = new AtomicInteger();
        final Set<String> servers = ConcurrentHashMap.newKeySet();
        volatile String last = "";
        final Thread thread;

        Asker(String namespace, boolean sameSocket) {
            this.namespace = namespace;
            this.sameSocket = sameSocket;
            this.thread = new Thread(this::run, "asks from '" + namespace + "'");
        }

        private void run() {
            try {
                Namespace.in(namespace, () -> {
                    while (!stop) {
                        useSocket();
                    }
                    return "";
                });
            } catch (IOException e) {
                failures.add(this + ": " + e);
            }
        }

        private void useSocket() throws IOException {
            int port = NEXT_PORT
                    .computeIfAbsent(namespace, name -> new AtomicInteger(FIRST_PORT))
                    .getAndIncrement();
            int timeout = sameSocket ? SAME_SOCKET_TIMEOUT_MILLIS : NEW_PORT_TIMEOUT_MILLIS;
            try (UdpClient client = UdpClient.openHere("11.0.0.1", 53, port, timeout)) {
                do {
                    ask(client);
                    LockSupport.parkNanos((sameSocket ? SAME_SOCKET_PAUSE : NEW_PORT_PAUSE).toNanos());
                } while (sameSocket && !stop);
            }
        }

        private void ask(UdpClient client) {
            Set<String> before = Set.copyOf(removed);
            long start = System.nanoTime();
            try {
                last = client.ask();
                servers.add(last);
                answers.incrementAndGet();
                if (before.contains(last)) {
                    failures.add(this + " was answered by " + last + ", which had been removed before the question");
                }
            } catch (IOException e) {
                lost.incrementAndGet();
                String what = this + " after " + (System.nanoTime() - start) / 1_000_000 + " ms: " + e;
                System.out.println("lost: " + what);
                if (!sameSocket) {
                    failures.add(what);
                }
            }
        }

        @Override
        public String toString() {
            return (sameSocket ? "one socket" : "new ports") + " from '" + namespace + "', last answer of '" + last
                    + "'";
        }
    }

    void start(String namespace, boolean sameSocket) {
        Asker asker = new Asker(namespace, sameSocket);
        askers.add(asker);
        asker.thread.start();
    }

    /** From now on no question may reach this server. */
    void removed(String server) {
        removed.add(server);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Until each client has got so many answers more, to questions that it asks from now on. */
    void awaitMore(int answers) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Asker asker : askers) {
            // One may be on its way already.
            int until = asker.answers.get() + answers + 1;
            while (asker.answers.get() < until && failures.isEmpty()) {
                assertTrue(System.nanoTime() < deadline, () -> "no answers any more: " + asker);
                Thread.sleep(2);
            }
        }
    }

    void join() throws InterruptedException {
        stop = true;
        for (Asker asker : askers) {
            asker.thread.join();
        }
    }

    int answers(boolean sameSocket) {
        return askers.stream()
                .filter(asker -> asker.sameSocket == sameSocket)
                .mapToInt(asker -> asker.answers.get())
                .sum();
    }

    int lost() {
        return askers.stream().mapToInt(asker -> asker.lost.get()).sum();
    }

    /** Clients of one socket that lost more than one question for each server that went away below them. */
    List<String> lostTooMany() {
        return askers.stream()
                .filter(asker -> asker.sameSocket)
                .filter(asker -> asker.lost.get()
                        > asker.servers.stream().filter(removed::contains).count())
                .map(asker -> asker + " lost " + asker.lost + ", its servers: " + asker.servers)
                .toList();
    }

    Set<String> lastServers() {
        Set<String> last = ConcurrentHashMap.newKeySet();
        askers.forEach(asker -> last.add(asker.last));
        return last;
    }
}
