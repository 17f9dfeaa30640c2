package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Test
    void passesOnWhenTheLeaderLeaves(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            Leadership first = cluster.leadership("http://a:1");
            Leadership second = cluster.leadership("http://b:2");
            AtomicInteger pokes = new AtomicInteger();
            second.onChange(pokes::incrementAndGet);
            assertFalse(first.awaitLeader(Duration.ofMillis(1)));
            first.start();
            assertTrue(first.awaitLeader(LIMIT));
            assertTrue(first.isLeader());
            second.start();
            assertFalse(second.awaitLeader(Duration.ofMillis(50)));
            assertEquals(Optional.of("http://a:1"), second.leaderId());
            assertEquals(0, pokes.get());
            first.close();
            assertFalse(first.isLeader());
            assertTrue(second.awaitLeader(LIMIT));
            Await.until("the listener was poked", () -> pokes.get() == 1);
            assertEquals(Optional.of("http://b:2"), second.leaderId());
        }
    }

    @Test
    void joinsWhenZooKeeperComes(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            cluster.stop();
            Leadership leadership = cluster.leadership("http://a:1");
            leadership.start();
            assertFalse(leadership.awaitLeader(Duration.ofMillis(100)));
            assertEquals(Optional.empty(), leadership.leaderId());
            cluster.restart();
            assertTrue(leadership.awaitLeader(LIMIT));
        }
    }

    @Test
    void leadsAgainAfterZooKeeperRestarts(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            Leadership leadership = cluster.leadership("http://a:1");
            leadership.start();
            assertTrue(leadership.awaitLeader(LIMIT));
            cluster.restart();
            Await.until(
                    "it leads, and ZooKeeper says so",
                    () -> leadership.isLeader() && leadership.leaderId().equals(Optional.of("http://a:1")));
        }
    }

    /** SIGTERM ends the program in under 2 s. */
    @Test
    void everythingClosesQuicklyWithoutZooKeeper(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperClient client = cluster.client();
            Leadership leadership = new Leadership(client, "http://a:1");
            leadership.start();
            StateFollower follower = cluster.follower(client, Optional.empty(), state -> {});
            assertTrue(leadership.awaitLeader(LIMIT));
            cluster.stop();
            Await.until("the connection is lost", () -> !client.connected());
            long start = System.nanoTime();
            leadership.close();
            long left = System.nanoTime();
            follower.close();
            long unfollowed = System.nanoTime();
            client.close();
            long end = System.nanoTime();
            String times = "leadership " + (left - start) / 1_000_000 + " ms, follower "
                    + (unfollowed - left) / 1_000_000 + " ms, client " + (end - unfollowed) / 1_000_000 + " ms";
            System.err.println("closed without ZooKeeper: " + times);
            assertTrue(end - start < 1_900_000_000L, times);
        }
    }
}
