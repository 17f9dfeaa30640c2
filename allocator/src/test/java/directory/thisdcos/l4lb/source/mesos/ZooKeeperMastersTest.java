package directory.thisdcos.l4lb.source.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Documents;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class ZooKeeperMastersTest {
    private static final String DIGEST = "user:secret";

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({
        "zk://10.0.0.1:2181/mesos,               10.0.0.1:2181, /mesos,   zk://10.0.0.1:2181/mesos",
        "zk://u:p@zk1:2181/mesos/,               zk1:2181,      /mesos,   zk://zk1:2181/mesos",
        "zk+https://u:p@ss@h:1/a/b,              h:1,           /a/b,     zk+https://h:1/a/b",
        "zk://[fd01::1]:2181/mesos,              [fd01::1]:2181, /mesos,  zk://[fd01::1]:2181/mesos"
    })
    void urls(String text, String connect, String path, String shown) {
        ZooKeeperUrl url = ZooKeeperUrl.parse(text);
        assertEquals(List.of(connect, path, shown), List.of(url.connect(), url.path(), url.toString()));
    }

    @Test
    void credentialsOfAUrl() {
        ZooKeeperUrl url = ZooKeeperUrl.parse("zk+https://u:p@ss@h:1,i:2/a");
        assertEquals(Optional.of("u:p@ss"), url.digest());
        assertTrue(url.tls());
        assertEquals("h:1,i:2", url.connect());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zk://", "zk:///mesos", "zk://u:secret@h:1", "zk://h:x/mesos", "zk://h:1,/mesos", "zk://h:1/a//b"
            })
    void badUrls(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ZooKeeperUrl.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("write zk://"), e::toString);
        assertTrue(!String.valueOf(e.getMessage()).contains("secret"), e::toString);
    }

    private static ReplayServer master(String task) throws IOException {
        return new ReplayServer((request, reply) -> {
            reply.stream(200)
                    .chunk(Records.framed(List.of(Records.cluster(
                            Records.agent("s1", "10.0.0.1", ""),
                            "",
                            Records.task(task, "s1", "TASK_RUNNING", 80, 1)))));
            reply.stall();
        });
    }

    private static Predicate<Declarations> task(String id) {
        return declared -> declared.services().values().stream()
                .anyMatch(service -> service.backends().stream()
                        .anyMatch(backend -> backend.task().equals(id)));
    }

    /** As Mesos writes it. */
    private static byte[] info(ReplayServer server) {
        return ("{\"address\":{\"hostname\":\"no.example\",\"ip\":\"127.0.0.1\",\"port\":" + server.port()
                        + "},\"hostname\":\"no.example\",\"id\":\"m\",\"ip\":16777343,\"pid\":\"master@127.0.0.1:"
                        + server.port() + "\",\"port\":" + server.port() + ",\"version\":\"1.11.0\"}")
                .getBytes(UTF_8);
    }

    @Test
    void followsTheLowestNumber() throws Exception {
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                temp,
                Endpoint.parse("127.0.0.1:0"),
                new ProblemBoard(new PrometheusRegistry(), InstantSource.system()));
        zooKeeper.start();
        RecordingSink sink = new RecordingSink();
        HostAddresses hosts = Documents.hosts();
        ZooKeeperUrl url = ZooKeeperUrl.parse("zk://" + DIGEST + "@" + zooKeeper.connectString() + "/mesos");
        try (zooKeeper;
                ReplayServer one = master("one");
                ReplayServer two = master("two");
                CuratorFramework curator = CuratorFrameworkFactory.builder()
                        .connectString(zooKeeper.connectString())
                        .retryPolicy(new RetryOneTime(100))
                        .authorization("digest", DIGEST.getBytes(UTF_8))
                        .build();
                HttpTransport transport = new HttpTransport(hosts, Optional.empty());
                MasterSource source = new MasterSource(
                        new ZooKeeperMasters(url, transport, Authorization.NONE),
                        MesosSettings.DEFAULT,
                        hosts,
                        new MesosMetrics(new PrometheusRegistry()),
                        InstantSource.system())) {
            curator.start();
            source.start(sink);
            assertEquals("mesos:zk://" + zooKeeper.connectString() + "/mesos", source.id());
            assertTrue(sink.await(SourceHealth.Status.CONNECTING).detail().contains("asking"));

            List<ACL> own = ZooDefs.Ids.CREATOR_ALL_ACL;
            curator.create().withACL(own).forPath("/mesos");
            curator.create().withACL(own).forPath("/mesos/log_replicas", new byte[0]);
            String first = curator.create()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .withACL(own)
                    .forPath("/mesos/json.info_", info(one));
            String second = curator.create()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .withACL(own)
                    .forPath("/mesos/json.info_", info(two));
            sink.await(task("one"));
            curator.delete().forPath(first);
            sink.await(task("two"));
            assertEquals(1, one.requests().size());
            assertEquals(1, two.requests().size());

            // Without any leader the stream that is there goes on.
            curator.delete().forPath(second);
            curator.create()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .withACL(own)
                    .forPath("/mesos/json.info_", info(one));
            sink.await(task("one"));
        }
    }
}
