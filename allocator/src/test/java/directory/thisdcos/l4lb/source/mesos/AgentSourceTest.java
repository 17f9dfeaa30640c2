package directory.thisdcos.l4lb.source.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Documents;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AgentSourceTest {
    private static final String T1 = Records.task("t1", "s1", "TASK_RUNNING", 1001, 1);
    private static final String T2 = Records.task("t2", "s1", "TASK_RUNNING", 1002, 1);

    private final AtomicInteger updates = new AtomicInteger();
    private final RecordingSink sink = new RecordingSink();

    private ReplayServer agent;
    private HttpTransport transport;
    private AgentSource source;
    private volatile String tasks = T1;
    private volatile String info = "{'agent_info':{'id':{'value':'s1'},'hostname':'node.no'}}";
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        agent = new ReplayServer((request, reply) -> {
            String answer = request.body().contains("GET_STATE")
                    ? "{'type':'GET_STATE','get_state':{'get_frameworks':{'frameworks':[{'framework_info':{'name':"
                            + "'kafka','id':{'value':'f1'}}}]},'get_tasks':{'launched_tasks':[" + tasks
                            + "],'terminated_tasks':[" + T2 + "]}}}"
                    : "{'type':'GET_AGENT','get_agent':" + info + "}";
            reply.send(status, answer.replace('\'', '"'), "Content-Type: application/json");
        });
        HostAddresses hosts = Documents.hosts();
        transport = new HttpTransport(hosts, Optional.empty());
        source = new AgentSource(
                ServerUrl.parse(agent.url()),
                transport,
                Authorization.NONE,
                MesosSettings.DEFAULT.withPollInterval(Duration.ofMillis(20)),
                hosts,
                new MesosMetrics(new PrometheusRegistry()),
                InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        transport.close();
        agent.close();
    }

    private void awaitPolls(long more) throws InterruptedException {
        long wanted = agent.requests().size() + 2 * more;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (agent.requests().size() < wanted) {
            assertTrue(System.nanoTime() < deadline, "the agent is not asked any more");
            Thread.sleep(5);
        }
    }

    @Test
    void tellsOnlyWhatChanged() throws Exception {
        source.start(new CountingSink());
        Declarations first =
                sink.await(declared -> declared.backendCount() == 1).declarations();
        assertEquals(List.of("127.0.0.1:1001 w=1 unchecked"), Documents.backends(first));
        assertEquals(Set.of(Ip.of("127.0.0.1")), first.nodes());
        assertTrue(sink.last().complete());
        assertEquals("mesos-agent:" + agent.url(), source.id());
        awaitPolls(5);
        assertEquals(1, updates.get(), "equal answers cost nothing");
        tasks = T1 + "," + T2;
        sink.await(declared -> declared.backendCount() == 2);
        tasks = T2;
        sink.await(declared -> declared.backendCount() == 1);
        assertEquals(3, updates.get());
    }

    @Test
    void aLiteralHostNameIsTheAddress() throws Exception {
        info = "{'agent_info':{'id':{'value':'s1'},'hostname':'10.0.0.7'}}";
        source.start(sink);
        assertEquals(
                List.of("10.0.0.7:1001 w=1 unchecked"),
                Documents.backends(
                        sink.await(declared -> declared.backendCount() == 1).declarations()));
    }

    @Test
    void aFailureWithdrawsNothing() throws Exception {
        source.start(sink);
        sink.await(SourceHealth.Status.LIVE);
        status = 503;
        assertTrue(sink.await(SourceHealth.Status.STALE).detail().contains("503"));
        status = 200;
        info = "{}";
        SourceHealth stale = sink.await(SourceHealth.Status.STALE);
        while (!stale.detail().contains("not registered")) {
            stale = sink.await(SourceHealth.Status.STALE);
        }
        assertEquals(1, sink.last().declarations().backendCount());
    }

    private final class CountingSink implements directory.thisdcos.l4lb.source.SourceSink {
        @Override
        public void accept(SourceUpdate update) {
            updates.incrementAndGet();
            sink.accept(update);
        }

        @Override
        public void health(String id, SourceHealth health) {
            sink.health(id, health);
        }
    }
}
