package directory.thisdcos.l4lb.store;

import static directory.thisdcos.l4lb.store.TestCluster.awaitEqual;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.disk.TableFile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower hears of every table, with what led to it, at a cost that is counted. */
class StateFollowerTest {
    @Test
    void followsFromBeforeTheTableExists(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            List<State> heard = Collections.synchronizedList(new ArrayList<>());
            StateFollower follower = cluster.follower(cluster.client(), Optional.empty(), heard::add);
            assertTrue(follower.stale());
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State state = journal.takeOver();
            awaitEqual(follower, state);
            assertEquals(journal.clusterId(), follower.clusterId());
            RandomStates random = new RandomStates(1, 30);
            for (int i = 0; i < 100; i++) {
                state = journal.append(random.changes(5));
            }
            awaitEqual(follower, state);
            assertEquals(Duration.ZERO, follower.age());
            for (int i = 1; i < heard.size(); i++) {
                assertTrue(heard.get(i - 1).seq() < heard.get(i).seq());
            }
            assertEquals(state.hash(), heard.get(heard.size() - 1).hash());
            assertEquals(0, follower.metrics().divergences());
            StateFollower late = cluster.follower();
            awaitEqual(late, state);
            assertEquals(1, late.metrics().reloads());
        }
    }

    @Test
    void tellsOfEachBatchWithItsCauses(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            RandomStates random = new RandomStates(14, 30);
            State first = journal.append(random.changes(5));
            TableFile.Loaded stored =
                    new TableFile.Loaded(first, journal.clusterId().orElseThrow(), Instant.now(), Path.of("table"));
            State state = first;
            for (int i = 0; i < 100; i++) {
                state = journal.append(random.changes(5), List.of(new Cause("alice", "change " + i)));
            }
            List<TableStep> steps = Collections.synchronizedList(new ArrayList<>());
            StateFollower follower = new StateFollower(
                    cluster.client(),
                    Optional.of(stored),
                    table -> {},
                    new PrometheusRegistry(),
                    new ProblemBoard(new PrometheusRegistry(), InstantSource.system()));
            try (follower) {
                follower.onStep(steps::add);
                assertSame(first, steps.get(0).table(), "the table of the last run");
                follower.start();
                awaitEqual(follower, state);
            }
            assertEquals(101, steps.size());
            for (int i = 1; i <= 100; i++) {
                assertEquals(first.seq() + i, steps.get(i).table().seq());
                assertEquals(
                        List.of(new Cause("alice", "change " + (i - 1))),
                        steps.get(i).batch().orElseThrow().causes());
                assertTrue(steps.get(i).committedMillis() > 0);
            }
        }
    }

    @Test
    void loadsTheSnapshotWhenTheRingHasOverrunIt(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings.withSlots(8));
            journal.takeOver();
            CountDownLatch paused = new CountDownLatch(1);
            CountDownLatch resume = new CountDownLatch(1);
            RandomStates random = new RandomStates(2, 30);
            State first = journal.append(random.changes(30));
            StateFollower follower = cluster.follower(cluster.client(), Optional.empty(), state -> {
                paused.countDown();
                awaitQuietly(resume);
            });
            paused.await();
            assertEquals(first.hash(), follower.current().hash());
            long reloads = follower.metrics().reloads();
            State state = first;
            for (int i = 0; i < 30; i++) {
                state = journal.append(random.changes(5));
            }
            assertEquals(first.hash(), follower.current().hash());
            resume.countDown();
            awaitEqual(follower, state);
            assertEquals(reloads + 1, follower.metrics().reloads());
            assertEquals(0, follower.metrics().divergences());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Numbers, so that requests too many are noticed: ten thousand nodes send each of them. A look that coincides with a
     * change of the connection may be taken twice, which is two more reads.
     */
    private static void assertRequests(FlakyProxy proxy, Set<String> once, int reads, String what) {
        Map<String, Integer> requests = proxy.takeRequests();
        Integer seen = requests.remove("getData");
        assertTrue(seen != null && seen >= reads && seen <= reads + 2, what + ": " + seen + " reads, not " + reads);
        assertEquals(once, requests.keySet(), what);
        assertTrue(requests.values().stream().allMatch(count -> count == 1), what + ": " + requests);
    }

    @Test
    void requestsDoNotGrowWithTheTable(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            TableFile file = new TableFile(dir.resolve("table"));
            RandomStates random = new RandomStates(10, 2_000);
            for (int changes : new int[] {10, 4_000}) {
                State state = journal.append(random.changes(changes));
                journal.checkpoint();
                FlakyProxy proxy = cluster.proxy();
                StateFollower follower = cluster.follower(
                        cluster.client(proxy.address(), settings -> settings), Optional.empty(), s -> {});
                awaitEqual(follower, state);
                // meta, head with its watch, the snapshot's promise, its shards, the head once more.
                assertRequests(proxy, Set.of("connect"), State.SHARDS + 4, "cold start");

                proxy.cut();
                Await.until("it noticed the cut", follower::stale);
                awaitEqual(follower, state);
                assertRequests(proxy, Set.of("connect", "setWatches"), 2, "reconnect");

                State next = journal.append(random.changes(5));
                awaitEqual(follower, next);
                assertRequests(proxy, Set.of(), 1, "one change");
                follower.save(file);

                State later = journal.append(random.changes(5));
                for (int i = 0; i < 2; i++) {
                    later = journal.append(random.changes(5));
                }
                FlakyProxy other = cluster.proxy();
                StateFollower restarted =
                        cluster.follower(cluster.client(other.address(), settings -> settings), file.load(), s -> {});
                awaitEqual(restarted, later);
                // meta, head, and the two batches between the file and the head.
                assertRequests(other, Set.of("connect"), 4, "restart with a file");
                restarted.close();
                follower.close();
            }
        }
    }
}
