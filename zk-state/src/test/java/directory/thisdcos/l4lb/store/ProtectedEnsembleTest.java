package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.AclId;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Credentials;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Scheme;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Store;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Tls;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against real servers in processes of their own, since ZooKeeper's security settings belong to a whole process. */
class ProtectedEnsembleTest {
    private static final ProblemBoard PROBLEMS = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());

    private static ZooKeeperClient client(String connect, ZooKeeperAccess access) {
        ZooKeeperClient client = new ZooKeeperClient(
                ZooKeeperSettings.of(connect)
                        .withTimeouts(Duration.ofSeconds(6), Duration.ofSeconds(20))
                        .withAccess(access),
                new PrometheusRegistry());
        client.start();
        return client;
    }

    private static StateFollower follower(ZooKeeperClient client) {
        StateFollower follower =
                new StateFollower(client, Optional.empty(), state -> {}, new PrometheusRegistry(), PROBLEMS);
        follower.start();
        return follower;
    }

    /** An allocator writes with {@code allocator}, a node reads with {@code node} and can do nothing else. */
    private static void allocatorWritesAndNodeReads(String connect, ZooKeeperAccess allocator, ZooKeeperAccess node)
            throws Exception {
        try (ZooKeeperClient writer = client(connect, allocator);
                ZooKeeperClient reader = client(connect, node)) {
            ZooKeeperJournal journal = new ZooKeeperJournal(writer);
            journal.takeOver();
            State state = journal.append(new RandomStates(1, 20).changes(50));
            journal.checkpoint();
            try (StateFollower follower = follower(reader)) {
                TestCluster.awaitEqual(follower, state);
                TestCluster.awaitEqual(follower, journal.append(List.of(new Change.PoolsPut(Pools.DEFAULT))));
            }
            try (Leadership leadership = new Leadership(writer, "http://127.0.0.1:1")) {
                leadership.start();
                assertTrue(leadership.awaitLeader(Duration.ofSeconds(20)));
            }
            assertEquals(
                    Optional.of(true),
                    Optional.of(reader.znodes().exists(reader.paths().head())));
        }
    }

    private static void cannotWrite(String connect, ZooKeeperAccess access) {
        try (ZooKeeperClient reader = client(connect, access)) {
            ZooKeeperJournal intruder = new ZooKeeperJournal(reader);
            StoreException refused = assertThrows(StoreException.class, intruder::takeOver);
            assertTrue(String.valueOf(refused.getMessage()).contains("NOAUTH"), refused.getMessage());
        }
    }

    private static void cannotRead(String connect, ZooKeeperAccess access) throws Exception {
        try (ZooKeeperClient stranger = client(connect, access)) {
            assertTrue(stranger.awaitConnected(Duration.ofSeconds(20)));
            StoreException refused = assertThrows(
                    StoreException.class,
                    () -> stranger.znodes().read(stranger.paths().head()));
            assertTrue(String.valueOf(refused.getMessage()).contains("NOAUTH"), refused.getMessage());
        }
    }

    private static ZooKeeperAccess with(Scheme scheme, String user, AclId... readers) {
        return new ZooKeeperAccess(
                Optional.empty(),
                Optional.of(new Credentials(scheme, user, user + "-secret")),
                List.of(),
                List.of(readers));
    }

    @Test
    void digestCredentialsBelowAChrootThatDoesNotExist(@TempDir Path dir) throws Exception {
        try (ServerProcess server = ServerProcess.start(dir, ServerProcess.Security.NONE)) {
            String connect = server.address() + "/team/a";
            String node = DigestAuthenticationProvider.generateDigest("node:node-secret");
            ZooKeeperAccess reader = with(Scheme.DIGEST, "node");
            allocatorWritesAndNodeReads(connect, with(Scheme.DIGEST, "allocator", new AclId("digest", node)), reader);
            cannotWrite(connect, reader);
            cannotRead(connect, ZooKeeperAccess.OPEN);
            cannotRead(connect, with(Scheme.DIGEST, "stranger"));
            nodeRegisters(connect, reader);
        }
    }

    private static void nodeRegisters(String connect, ZooKeeperAccess access) throws Exception {
        try (ZooKeeperClient node = client(connect, access)) {
            assertTrue(node.awaitConnected(Duration.ofSeconds(20)));
            node.curator().create().forPath(node.paths().node("one"), new byte[0]);
            assertTrue(node.znodes().exists(node.paths().node("one")));
        }
    }

    @Test
    void saslCredentials(@TempDir Path dir) throws Exception {
        try (ServerProcess server = ServerProcess.start(dir, ServerProcess.Security.SASL)) {
            ZooKeeperAccess reader = with(Scheme.SASL, "node");
            allocatorWritesAndNodeReads(
                    server.address(), with(Scheme.SASL, "allocator", new AclId("sasl", "node")), reader);
            cannotWrite(server.address(), reader);
            cannotRead(server.address(), ZooKeeperAccess.OPEN);
            try (ZooKeeperClient wrong = client(
                    server.address(),
                    new ZooKeeperAccess(
                            Optional.empty(),
                            Optional.of(new Credentials(Scheme.SASL, "node", "wrong")),
                            List.of(),
                            List.of()))) {
                assertThrows(StoreException.class, () -> new ZooKeeperJournal(wrong).takeOver());
            }
        }
    }

    @Test
    void certificates(@TempDir Path dir) throws Exception {
        Certificates certificates = Certificates.make(dir);
        try (ServerProcess server = ServerProcess.start(dir, ServerProcess.Security.TLS)) {
            AclId node = new AclId("x509", "CN=node");
            ZooKeeperAccess reader = tls(certificates, "node");
            ZooKeeperAccess allocator = new ZooKeeperAccess(
                    tls(certificates, "allocator").tls(), Optional.empty(), List.of(), List.of(node));
            allocatorWritesAndNodeReads(server.address(), allocator, reader);
            cannotWrite(server.address(), reader);
            cannotRead(server.address(), tls(certificates, "stranger"));

            // A server that cannot prove who it is, and a client that does not say who it is.
            Tls distrustful = new Tls(Optional.empty(), Optional.empty(), true);
            try (ZooKeeperClient client = client(
                    server.address(),
                    new ZooKeeperAccess(Optional.of(distrustful), Optional.empty(), List.of(), List.of()))) {
                assertFalse(client.awaitConnected(Duration.ofSeconds(3)));
            }
            try (ZooKeeperClient client = client(server.address(), ZooKeeperAccess.OPEN)) {
                assertFalse(client.awaitConnected(Duration.ofSeconds(3)));
            }
        }
    }

    private static ZooKeeperAccess tls(Certificates certificates, String who) {
        Store keys = who.equals("stranger")
                ? new Store(certificates.pkcs12(who), Certificates.PASSWORD)
                : new Store(certificates.pem(who), "");
        Tls tls = new Tls(Optional.of(new Store(certificates.authority(), "")), Optional.of(keys), true);
        return new ZooKeeperAccess(Optional.of(tls), Optional.empty(), List.of(), List.of());
    }
}
