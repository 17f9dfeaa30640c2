package directory.thisdcos.l4lb.store;

import static directory.thisdcos.l4lb.store.TestCluster.awaitEqual;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.disk.TableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower serves, and what it says, while ZooKeeper is away, wiped, old or wrong, and after. */
class FollowerRecoveryTest {
    @Test
    void keepsItsTableWhileZooKeeperIsAway(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(3, 30);
            State state = journal.append(random.changes(50));
            StateFollower follower = cluster.follower();
            awaitEqual(follower, state);
            cluster.stop();
            Await.until("it is stale", follower::stale);
            Await.until("its age grows", () -> follower.age().toMillis() > 0);
            assertEquals(state.hash(), follower.current().hash());
            cluster.restart();
            awaitEqual(follower, state);
            awaitEqual(follower, journal.append(random.changes(50)));
            assertEquals(1, follower.metrics().reloads());
        }
    }

    @Test
    void aWipedZooKeeperNeverEmptiesIt(@TempDir Path dir) throws Exception {
        Path old = Files.createDirectory(dir.resolve("old"));
        try (TestCluster cluster = new TestCluster(old)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            State state = journal.append(new RandomStates(4, 30).changes(50));
            Optional<String> id = journal.clusterId();
            List<State> heard = Collections.synchronizedList(new ArrayList<>());
            ZooKeeperClient client = cluster.client();
            StateFollower follower = cluster.follower(client, Optional.empty(), heard::add);
            awaitEqual(follower, state);
            // Empty at first, then with a new table of another cluster.
            cluster.restartWith(dir.resolve("new"));
            Await.until("it noticed", follower::stale);
            Await.until("it sees the empty ZooKeeper", client::connected);
            assertTrue(follower.stale());
            ZooKeeperJournal newJournal = cluster.journal(settings -> settings);
            assertEquals(0, cluster.takeOver(newJournal).size());
            State other = newJournal.append(new RandomStates(5, 30).changes(20));
            StateFollower fresh = cluster.follower();
            awaitEqual(fresh, other);
            assertTrue(follower.stale());
            assertEquals(state.hash(), follower.current().hash());
            assertEquals(id, follower.clusterId());

            // The operator's way out: the same table, from its file, with the flag.
            TableFile file = new TableFile(dir.resolve("table"));
            follower.save(file);
            StateFollower told = cluster.follower(
                    cluster.client(settings -> settings.withAcceptCluster(true)), file.load(), heard::add);
            awaitEqual(told, other);

            // The old data comes back.
            cluster.restartWith(old);
            awaitEqual(follower, state);
            assertTrue(heard.stream().noneMatch(seen -> seen.size() == 0));
        }
    }

    @Test
    void anOlderZooKeeperNeverReplacesIt(@TempDir Path dir) throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        Path backup = dir.resolve("backup");
        try (TestCluster cluster = new TestCluster(data)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(6, 30);
            journal.append(random.changes(20));
            cluster.stop();
            TestCluster.copy(data, backup);
            cluster.restart();
            cluster.takeOver(journal);
            for (int i = 0; i < 5; i++) {
                journal.append(random.changes(20));
            }
            State state = journal.takeOver();
            ZooKeeperClient client = cluster.client();
            StateFollower follower = cluster.follower(client, Optional.empty(), seen -> {});
            awaitEqual(follower, state);
            cluster.restartWith(backup);
            State past = cluster.takeOver(cluster.journal(settings -> settings));
            assertTrue(past.seq() < state.seq());
            StateFollower fresh = cluster.follower();
            awaitEqual(fresh, past);
            Await.until("it noticed", follower::stale);
            Await.until("it sees the older ZooKeeper", client::connected);
            assertTrue(follower.stale());
            assertEquals(state.hash(), follower.current().hash());
            assertEquals(state.seq(), follower.current().seq());
        }
    }

    @Test
    void servesItsFileWithoutZooKeeper(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir.resolve("zk"))) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(7, 30);
            State state = journal.append(random.changes(50));
            StateFollower writer = cluster.follower();
            awaitEqual(writer, state);
            TableFile file = new TableFile(dir.resolve("table"));
            writer.save(file);
            cluster.stop();

            List<State> heard = Collections.synchronizedList(new ArrayList<>());
            StateFollower follower = cluster.follower(cluster.client(), file.load(), heard::add);
            Await.until("the listener has the file's table", () -> !heard.isEmpty());
            assertEquals(state.hash(), heard.get(0).hash());
            assertTrue(follower.stale());

            cluster.restart();
            State next = journal.append(random.changes(50));
            awaitEqual(follower, next);
            assertEquals(0, follower.metrics().reloads(), "the ring is enough");
        }
    }

    @Test
    void aDivergedTableIsNoticedAndHealed(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(8, 30);
            State state = journal.append(random.changes(50));
            String id = journal.clusterId().orElseThrow();
            State wrong = State.restoreVips(
                    state.epoch(),
                    state.seq(),
                    state.pools(),
                    state.vips().skip(1).toList());
            for (boolean behind : new boolean[] {false, true}) {
                if (behind) {
                    state = journal.append(List.of(new Change.PoolsPut(Pools.DEFAULT)));
                }
                StateFollower follower = cluster.follower(
                        cluster.client(),
                        Optional.of(new TableFile.Loaded(wrong, id, Instant.now(), Path.of("table"))),
                        seen -> {});
                awaitEqual(follower, state);
                assertEquals(1, follower.metrics().divergences());
                assertEquals(1, follower.metrics().reloads());
            }
        }
    }

    @Test
    void aDamagedTableNeverReachesTheListener(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(9, 30);
            State state = journal.append(random.changes(50));
            ZooKeeperClient client = cluster.client();
            StateFollower follower = cluster.follower(client, Optional.empty(), seen -> {});
            awaitEqual(follower, state);
            byte[] good =
                    client.znodes().read(client.paths().head()).orElseThrow().data();
            client.curator().setData().forPath(client.paths().head(), new byte[] {1, 2, 3});
            Await.until("it is stale", follower::stale);
            assertEquals(state.hash(), follower.current().hash());
            client.curator().setData().forPath(client.paths().head(), good);
            awaitEqual(follower, state);
        }
    }

    @Test
    void aListenerThatFailsGetsTheTableAgain(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State state = journal.takeOver();
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger delivered = new AtomicInteger();
            StateFollower follower = cluster.follower(cluster.client(), Optional.empty(), seen -> {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("a test's failure");
                }
                delivered.incrementAndGet();
            });
            Await.until("the table was delivered", () -> delivered.get() == 1);
            awaitEqual(follower, state);
            assertEquals(2, calls.get());
        }
    }

    @Test
    void aLostWatchIsMendedByTheNextPoll(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State state = journal.takeOver();
            FlakyProxy proxy = cluster.proxy();
            StateFollower follower = cluster.follower(
                    cluster.client(
                            proxy.address(),
                            // Beyond the session's time-out nothing but the poll would notice.
                            settings -> settings.withPollInterval(Duration.ofMillis(300))),
                    Optional.empty(),
                    s -> {});
            awaitEqual(follower, state);
            proxy.swallowEvents(true);
            awaitEqual(follower, journal.append(new RandomStates(13, 30).changes(20)));
            assertTrue(proxy.swallowedEvents() > 0, "an event was lost");
        }
    }

    @Test
    void aTableThatIsOldForLongIsAProblem(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State state = journal.takeOver();
            StateFollower follower = cluster.follower();
            awaitEqual(follower, state);
            assertEquals(List.of(), cluster.problems());
            cluster.stop();
            Await.until(
                    "the problem is on the board",
                    () -> cluster.problems().stream().anyMatch(line -> line.contains("no connection to ZooKeeper")));
            cluster.restart();
            awaitEqual(follower, state);
            Await.until("the problem is over", () -> cluster.problems().isEmpty());
        }
    }
}
