package directory.thisdcos.l4lb.source.mesos;

import static directory.thisdcos.l4lb.source.mesos.Records.HEARTBEAT;
import static directory.thisdcos.l4lb.source.mesos.Records.added;
import static directory.thisdcos.l4lb.source.mesos.Records.agent;
import static directory.thisdcos.l4lb.source.mesos.Records.agentAdded;
import static directory.thisdcos.l4lb.source.mesos.Records.cluster;
import static directory.thisdcos.l4lb.source.mesos.Records.framed;
import static directory.thisdcos.l4lb.source.mesos.Records.recoveredAgent;
import static directory.thisdcos.l4lb.source.mesos.Records.task;
import static directory.thisdcos.l4lb.source.mesos.Records.updated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Documents;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The source against an HTTP server that does on the wire what masters and networks do. */
@Timeout(60)
class MasterSourceTest {
    private static final String S1 = agent("s1", "10.0.0.1", "10.0.0.1");
    private static final String T1 = task("t1", "s1", "TASK_RUNNING", 1001, 100);
    private static final String T2 = task("t2", "s1", "TASK_RUNNING", 1002, 100);
    private static final String ONE = cluster(S1, "", T1);
    private static final MesosSettings QUICK =
            MesosSettings.DEFAULT.withSilence(Duration.ofSeconds(2)).withTaskSettle(Duration.ofMillis(300));

    private final List<AutoCloseable> open = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private ReplayServer server(ReplayServer.Handler handler) throws IOException {
        return opened(new ReplayServer(handler));
    }

    private void start(String urls) throws IOException {
        start(urls, QUICK);
    }

    private void start(String urls, MesosSettings settings) throws IOException {
        HostAddresses hosts = Documents.hosts();
        HttpTransport transport = opened(new HttpTransport(hosts, Optional.empty()));
        opened(new MasterSource(
                        Masters.at(ServerUrl.parseList(urls), transport, Authorization.NONE),
                        settings,
                        hosts,
                        new MesosMetrics(new PrometheusRegistry()),
                        InstantSource.system()))
                .start(sink);
    }

    private static Predicate<Declarations> backends(String... expected) {
        return declared -> Documents.backends(declared).equals(List.of(expected));
    }

    /** A master that sends records as a test gives them; each connection begins with {@code first}. */
    private static final class Master implements ReplayServer.Handler {
        final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
        volatile String first;

        Master(String first) {
            this.first = first;
        }

        void say(String... records) {
            chunks.add(framed(List.of(records)));
        }

        @Override
        public void handle(ReplayServer.Request request, ReplayServer.Reply reply) throws IOException {
            reply.stream(200, "Content-Type: application/json").chunk(framed(List.of(first)));
            try {
                while (true) {
                    reply.chunk(chunks.take());
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    void theFirstRequestIsTheSubscription() throws Exception {
        Master master = new Master(ONE);
        ReplayServer server = server(master);
        start(server.url());
        sink.await(backends("10.0.0.1:1001 w=1 unchecked"));
        assertTrue(sink.await(SourceHealth.Status.LIVE).detail().contains(server.url()));
        ReplayServer.Request request = server.requests().get(0);
        assertEquals("POST /api/v1", request.method() + " " + request.target());
        assertEquals("{\"type\":\"SUBSCRIBE\"}", request.body());
        assertEquals("application/json", request.header("accept"));
        // Mesos compares the whole header (src/master/http.cpp, Master::Http::api).
        assertEquals("application/json", request.header("content-type"));
        master.say(added(T2));
        sink.await(backends("10.0.0.1:1001 w=1 unchecked", "10.0.0.1:1002 w=1 unchecked"));
        master.say(updated("t1", "TASK_KILLED", 101, ""), HEARTBEAT);
        sink.await(backends("10.0.0.1:1002 w=1 unchecked"));
        assertEquals(1, server.requests().size());
    }

    @Test
    void cutWithinARecordAtAnyPlaceItBeginsAnew() throws Exception {
        byte[] stream = framed(List.of(ONE, added(T2)));
        AtomicInteger connections = new AtomicInteger();
        ReplayServer server = server((request, reply) -> {
            int count = connections.incrementAndGet();
            if (count <= 4) {
                reply.stream(200).chunk(Arrays.copyOf(stream, stream.length * count / 5));
                reply.cut();
            }
            reply.stream(200).chunk(stream);
            reply.stall();
        });
        start(server.url());
        sink.await(backends("10.0.0.1:1001 w=1 unchecked", "10.0.0.1:1002 w=1 unchecked"));
        assertEquals(5, connections.get());
    }

    @Test
    void whatWasSaidStaysWhileThereIsNoConnection() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        ReplayServer server = server((request, reply) -> {
            if (connections.incrementAndGet() == 1) {
                reply.stream(200).chunk(framed(List.of(ONE)));
                return;
            }
            if (connections.get() < 4) {
                reply.send(503, "no leader");
                return;
            }
            reply.stream(200).chunk(framed(List.of(cluster(S1, "", T2))));
            reply.stall();
        });
        start(server.url());
        sink.await(SourceHealth.Status.LIVE);
        SourceHealth stale = sink.await(SourceHealth.Status.STALE);
        assertTrue(stale.detail().contains("ended the stream"), stale::toString);
        assertTrue(sink.await(SourceHealth.Status.STALE).detail().contains("503"));
        assertEquals(
                List.of("10.0.0.1:1001 w=1 unchecked"),
                Documents.backends(sink.last().declarations()));
        sink.await(backends("10.0.0.1:1002 w=1 unchecked"));
        sink.await(SourceHealth.Status.LIVE);
    }

    @Test
    void silenceIsNoticed() throws Exception {
        String quick = ONE.replace("15.0", "0.1");
        AtomicInteger connections = new AtomicInteger();
        ReplayServer server = server((request, reply) -> {
            reply.stream(200).chunk(framed(List.of(quick)));
            if (connections.incrementAndGet() == 1) {
                reply.stall();
            }
            try {
                while (true) {
                    Thread.sleep(50); // a master's own rhythm, not a test's wait
                    reply.chunk(framed(List.of(HEARTBEAT)));
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        start(server.url(), MesosSettings.DEFAULT);
        SourceHealth stale = sink.await(SourceHealth.Status.STALE);
        assertTrue(stale.detail().contains("not even a heartbeat"), stale::toString);
        sink.await(SourceHealth.Status.LIVE);
        assertEquals(2, connections.get());
    }

    @Test
    void aMasterThatAcceptsAndSaysNothing() throws Exception {
        Master good = new Master(ONE);
        ReplayServer mute = server((request, reply) -> reply.stall());
        ReplayServer server = server(good);
        start(mute.url() + "," + server.url(), QUICK.withSilence(Duration.ofMillis(300)));
        sink.await(backends("10.0.0.1:1001 w=1 unchecked"));
    }

    @Test
    void redirectsToTheLeader() throws Exception {
        ReplayServer leader = server(new Master(ONE));
        ReplayServer other =
                server((request, reply) -> reply.send(307, "", "Location: //127.0.0.1:" + leader.port() + "/api/v1"));
        start(other.url());
        sink.await(backends("10.0.0.1:1001 w=1 unchecked"));
        ReplayServer.Request request = leader.requests().get(0);
        assertEquals("POST {\"type\":\"SUBSCRIBE\"}", request.method() + " " + request.body());
        assertTrue(sink.await(SourceHealth.Status.LIVE).detail().contains(leader.url()));
    }

    @Test
    void garbageIsNamedAndTriedAgain() throws Exception {
        List<byte[]> answers = List.of(
                "<html>hello</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "5\nxxxxx".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                framed(List.of(ONE, "{'type':'TASK_ADDED','task_added':")));
        AtomicInteger connections = new AtomicInteger();
        ReplayServer server = server((request, reply) -> {
            int count = connections.getAndIncrement();
            reply.stream(200).chunk(count < answers.size() ? answers.get(count) : framed(List.of(ONE, added(T2))));
            reply.stall();
        });
        start(server.url());
        assertTrue(sink.await(SourceHealth.Status.CONNECTING).detail().contains("asking"));
        assertTrue(sink.await(SourceHealth.Status.CONNECTING).detail().contains("'<'"));
        assertTrue(sink.await(SourceHealth.Status.CONNECTING).detail().contains("no JSON"));
        assertTrue(sink.await(SourceHealth.Status.STALE).detail().contains("no JSON"));
        sink.await(backends("10.0.0.1:1001 w=1 unchecked", "10.0.0.1:1002 w=1 unchecked"));
    }

    @Test
    void refusedCredentialsAreSaid() throws Exception {
        ReplayServer server = server((request, reply) -> reply.send(401, ""));
        start(server.url());
        sink.await(SourceHealth.Status.CONNECTING);
        SourceHealth refused = sink.await(SourceHealth.Status.CONNECTING);
        assertTrue(refused.detail().contains("401"), refused::toString);
    }

    @Test
    void failOverWithRecoveredAgents() throws Exception {
        Master first = new Master(cluster(S1, "", T1 + "," + T2));
        Master second = new Master(cluster("", recoveredAgent("s1", "10.0.0.1"), ""));
        ReplayServer one = server(first);
        ReplayServer two = server(second);
        start(one.url() + "," + two.url());
        String[] both = {"10.0.0.1:1001 w=1 unchecked", "10.0.0.1:1002 w=1 unchecked"};
        sink.await(backends(both));
        one.close();
        SourceHealth live = sink.await(SourceHealth.Status.LIVE);
        while (!live.detail().contains("1 agents have not come back")) {
            live = sink.await(SourceHealth.Status.LIVE);
        }
        assertEquals(List.of(both), Documents.backends(sink.last().declarations()));
        second.say(agentAdded(S1), added(T2));
        // After the agent had its time to tell, what it did not mention is gone.
        sink.await(backends("10.0.0.1:1002 w=1 unchecked"));
    }

    @Test
    void aLongStreamInSmallPieces() throws Exception {
        List<String> records = new ArrayList<>(List.of(cluster(S1, "", "")));
        for (int i = 0; i < 200; i++) {
            records.add(added(task("t" + i, "s1", "TASK_RUNNING", 2000 + i, 100)));
            records.add(updated("t" + i, i % 2 == 0 ? "TASK_FAILED" : "TASK_KILLING", 101, ""));
        }
        byte[] octets = framed(records);
        ReplayServer server = server((request, reply) -> {
            reply.stream(200);
            for (int at = 0; at < octets.length; at += 997) {
                reply.chunk(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + 997)));
            }
            reply.stall();
        });
        start(server.url());
        Declarations last = sink.await(declared -> declared.backendCount() == 100
                        && Documents.backends(declared).stream().allMatch(text -> text.endsWith("w=0 draining")))
                .declarations();
        assertEquals(1, last.services().size());
    }
}
