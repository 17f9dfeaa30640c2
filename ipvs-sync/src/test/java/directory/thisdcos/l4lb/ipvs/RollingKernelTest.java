package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twenty backends are replaced one by one while clients connect all the time and others stay connected. */
@Tag("kernel")
class RollingKernelTest {
    private static final int BACKENDS = Replacement.BACKENDS;
    private static final int FIRST_PORT = Replacement.FIRST_PORT;
    private static final int LONG_LIVED = 200;
    private static final int CONNECTIONS_PER_STEP = 5;
    private static final List<EchoServer> SERVERS = new ArrayList<>();

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    @BeforeAll
    static void servers() throws IOException {
        // The old ones in one namespace, the new ones in the other.
        for (int i = 0; i < BACKENDS; i++) {
            SERVERS.add(EchoServer.start("be1", FIRST_PORT + i, 'o'));
            SERVERS.add(EchoServer.start("be2", FIRST_PORT + i, 'n'));
        }
    }

    @AfterAll
    static void end() throws IOException {
        for (EchoServer server : SERVERS) {
            server.close();
        }
    }

    private static State state(Scheduler scheduler, int replaced) {
        return Replacement.state(scheduler, Protocol.TCP, 80, replaced);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"RR", "WLC", "SH", "MH"})
    void noRequestFailsWhileAllBackendsAreReplaced(Scheduler scheduler) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger requests = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Client> open = new ArrayList<>();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON, Duration.ofMinutes(10))) {
            sync.apply(state(scheduler, 0));
            for (int i = 0; i < LONG_LIVED; i++) {
                open.add(Client.connect(i % 2 == 0 ? "cl" : "", "11.0.0.1", 80));
            }
            List<Thread> clients = new ArrayList<>();
            for (String namespace : List.of("cl", "")) {
                Thread thread = new Thread(() -> load(namespace, stop, requests, failures), "load " + namespace);
                thread.start();
                clients.add(thread);
            }
            for (int replaced = 1; replaced <= BACKENDS; replaced++) {
                sync.apply(state(scheduler, replaced));
                int until = requests.get() + CONNECTIONS_PER_STEP;
                while (requests.get() < until && failures.isEmpty()) {
                    Thread.sleep(5);
                }
            }
            stop.set(true);
            for (Thread thread : clients) {
                thread.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            for (Client client : open) {
                assertTrue(client.echoes(), "a long-lived connection to the old " + client.server());
            }
            for (int i = 0; i < 5; i++) {
                assertEquals('n', Client.ask("cl", "11.0.0.1", 80));
            }
            Lab.witness("R5: TCP " + scheduler.text() + ": " + BACKENDS + " backends replaced under load, " + requests
                    + " requests, 0 failed, " + LONG_LIVED + " long-lived connections intact");
        } finally {
            stop.set(true);
            for (Client client : open) {
                client.close();
            }
        }
    }

    private static void load(String namespace, AtomicBoolean stop, AtomicInteger requests, Queue<String> failures) {
        while (!stop.get()) {
            try (Client client = Client.connect(namespace, "11.0.0.1", 80)) {
                if (!client.echoes()) {
                    failures.add("no echo from '" + client.server() + "'");
                }
                requests.incrementAndGet();
            } catch (IOException e) {
                failures.add("from '" + namespace + "': " + e);
            }
        }
    }
}
