package directory.thisdcos.l4lb.store;

import static directory.thisdcos.l4lb.store.StoredTable.assertStored;
import static directory.thisdcos.l4lb.store.StoredTable.load;
import static directory.thisdcos.l4lb.store.StoredTable.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that take the table from each other, and outcomes that nobody was told. */
class WritersTest {

    @Test
    void aStaleWriterIsFenced(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal first = cluster.journal(settings -> settings);
            ZooKeeperJournal second = cluster.journal(settings -> settings);
            assertThrows(FencedException.class, () -> first.append(List.of(name(0))));
            first.takeOver();
            first.append(List.of(name(1)));
            second.takeOver();
            State state = second.append(List.of(name(2)));
            assertThrows(FencedException.class, () -> first.append(List.of(name(3))));
            assertThrows(FencedException.class, () -> first.append(List.of(name(4))));
            assertThrows(FencedException.class, first::checkpoint);
            assertStored(state, cluster.client());
            State again = first.takeOver();
            assertEquals(state.hash(), again.hash());
            assertEquals(3, again.epoch());
            assertThrows(FencedException.class, second::checkpoint);
            assertThrows(FencedException.class, () -> second.append(List.of(name(5))));
        }
    }

    @Test
    void aStaleWritersCheckpointIsFenced(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal first = cluster.journal(settings -> settings);
            first.takeOver();
            first.append(List.of(name(1)));
            ZooKeeperJournal second = cluster.journal(settings -> settings);
            second.takeOver();
            State state = second.append(List.of(new Change.AllocationRemoved(RandomStates.name(1))));
            second.checkpoint();
            assertThrows(FencedException.class, first::checkpoint);
            assertStored(state, cluster.client());
        }
    }

    @Test
    void aLostReplyIsResolvedByTheHead(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            FlakyProxy proxy = cluster.proxy();
            ZooKeeperJournal journal = cluster.journal(cluster.client(proxy.address(), settings -> settings));
            State before = journal.takeOver();
            proxy.swallowReplies(true);
            ZooKeeperClient other = cluster.client();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<State> append = thread.submit(() -> journal.append(List.of(name(1))));
            // It lands, but the writer cannot know it.
            Await.until("the batch is in ZooKeeper", () -> {
                try {
                    return load(other).state().seq() == before.seq() + 1;
                } catch (StoreException e) {
                    throw new AssertionError(e);
                }
            });
            assertTrue(!append.isDone());
            proxy.swallowReplies(false);
            proxy.cut();
            State after = append.get(15, TimeUnit.SECONDS);
            thread.shutdownNow();
            assertEquals(before.seq() + 1, after.seq());
            assertStored(after, other);
            assertStored(journal.append(List.of(name(2))), other);
        }
    }

    @Test
    void anAppendSurvivesARestartOfZooKeeper(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            journal.append(List.of(name(1)));
            cluster.stop();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<State> append = thread.submit(() -> journal.append(List.of(name(2))));
            cluster.restart();
            State state = append.get(15, TimeUnit.SECONDS);
            thread.shutdownNow();
            assertEquals(2, state.size());
            assertStored(state, cluster.client());
        }
    }

    /** Writers that take the table from each other at random: what was acknowledged is never lost. */
    @Test
    void noAcknowledgedChangeIsLostAmongWriters(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
            ExecutorService threads = Executors.newFixedThreadPool(3);
            CyclicBarrier start = new CyclicBarrier(3);
            List<Future<Integer>> writers = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                ZooKeeperJournal journal = cluster.journal(settings -> settings.withSlots(4));
                Random random = new Random(writer);
                int base = writer * 1_000;
                writers.add(threads.submit(() -> {
                    journal.takeOver();
                    start.await();
                    return write(journal, random, base, acknowledged);
                }));
            }
            int fenced = 0;
            for (Future<Integer> writer : writers) {
                fenced += writer.get(60, TimeUnit.SECONDS);
            }
            threads.shutdownNow();
            assertTrue(fenced > 0, "the writers never met");
            State state = cluster.journal(settings -> settings).takeOver();
            acknowledged.forEach(
                    number -> assertTrue(state.vip(RandomStates.name(number)).isPresent(), "lost " + number));
            assertEquals(240, acknowledged.size());
        }
    }

    /** Each claim takes a slot; without a checkpoint between them the ring would fill for good. */
    @Test
    void writersThatOnlyTakeOverNeverFillTheRing(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperClient client = cluster.client(settings -> settings.withSlots(4));
            ZooKeeperJournal journal = cluster.journal(client);
            journal.takeOver();
            State state = journal.append(new RandomStates(12, 20).changes(40));
            Meta meta = new StoreLayout(client).meta().orElseThrow();
            TableReader reader = new TableReader(client);
            for (int i = 0; i < 20; i++) {
                // As a writer that dies right after its claim: nothing but the head and the slot.
                Head last = reader.head(null).orElseThrow();
                if (last.seq() + 1 - reader.snapshot().seq() <= meta.slots()) {
                    Batch claim = new Batch(
                            last.epoch() + 1, last.seq() + 1, last.batch().stateHash(), List.of());
                    new FencedHead(client, meta.slots(), last.version())
                            .commit(claim.seq(), StoreCodec.encode(claim, "dead"), List.of());
                } else {
                    assertEquals(
                            state.hash(), cluster.journal(client).takeOver().hash());
                }
            }
            assertEquals(state.hash(), journal.takeOver().hash());
        }
    }

    private static int write(ZooKeeperJournal journal, Random random, int base, Set<Integer> acknowledged)
            throws StoreException {
        int fenced = 0;
        boolean leading = false;
        for (int i = 0; i < 80; ) {
            try {
                if (!leading || random.nextInt(20) == 0) {
                    journal.takeOver();
                    leading = true;
                }
                journal.append(List.of(name(base + i)));
                acknowledged.add(base + i);
                i++;
            } catch (FencedException e) {
                fenced++;
                leading = false;
            }
        }
        return fenced;
    }

    @Test
    void manyCreateOneTable(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Meta>> metas = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ZooKeeperClient client = cluster.client(settings -> settings.withRoot("/deep/er/root"));
                assertTrue(client.awaitConnected(client.settings().sessionTimeout()));
                metas.add(threads.submit(() -> new StoreLayout(client).ensure()));
            }
            Set<Meta> different = new HashSet<>();
            for (Future<Meta> meta : metas) {
                different.add(meta.get(20, TimeUnit.SECONDS));
            }
            threads.shutdownNow();
            assertEquals(1, different.size());
            assertEquals(
                    0,
                    cluster.journal(settings -> settings.withRoot("/deep/er/root"))
                            .takeOver()
                            .size());
        }
    }
}
