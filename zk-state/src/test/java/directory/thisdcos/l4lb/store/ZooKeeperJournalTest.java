package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperJournalTest {

    private static TableReader.Loaded load(ZooKeeperClient client) throws StoreException {
        return new TableReader(client).load(new StoreLayout(client).meta().orElseThrow());
    }

    private static void assertStored(State expected, ZooKeeperClient client) throws StoreException {
        TableReader.Loaded loaded = load(client);
        assertEquals(expected.hash(), loaded.state().hash());
        assertEquals(expected.seq(), loaded.state().seq());
        assertEquals(expected.epoch(), loaded.state().epoch());
        assertEquals(expected.pools(), loaded.state().pools());
        assertTrue(expected.changedShards(loaded.state()).isEmpty());
    }

    private static Change name(int number) {
        return new Change.AllocationPut(new Allocation(
                RandomStates.name(number),
                Ip.of("11.0.0.0").plus(number),
                Optional.empty(),
                Allocation.Status.ALLOCATED,
                number,
                "/app-" + number));
    }

    @Test
    void whatIsAppendedIsReadByEverybody(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State state = journal.takeOver();
            assertEquals(1, state.epoch());
            assertEquals(0, state.size());
            assertSame(state, journal.append(List.of()));
            RandomStates random = new RandomStates(11, 40);
            ZooKeeperClient reader = cluster.client();
            for (int i = 0; i < 30; i++) {
                List<Change> changes = random.changes(1 + i);
                State next = journal.append(changes);
                assertEquals(state.fold(changes).hash(), next.hash());
                assertEquals(state.seq() + 1, next.seq());
                state = next;
                if (i % 10 == 5) {
                    journal.checkpoint();
                }
                assertStored(state, reader);
            }
            State taken = cluster.journal(settings -> settings).takeOver();
            assertEquals(state.hash(), taken.hash());
            assertEquals(state.epoch() + 1, taken.epoch());
        }
    }

    /** A round of the snapshot was cut short: one shard is older than the other, and both hold the address. */
    @Test
    void anAddressThatMovedBelongsToItsLastHolderWhateverTheAgeOfTheShards(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperClient client = cluster.client();
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            for (int i = 0; i < 20; i++) {
                Allocation old = allocation("old-" + i, 100 + i);
                Allocation young = allocation("young-" + i, 100 + i);
                journal.append(List.of(new Change.AllocationPut(old)));
                journal.checkpoint();
                State state = journal.append(
                        List.of(new Change.AllocationRemoved(old.name()), new Change.AllocationPut(young)));
                int shard = State.shardOf(young.name());
                assertNotEquals(State.shardOf(old.name()), shard, "choose other names");
                byte[] bytes = StoreCodec.encode(state.seq(), state.shard(shard).values());
                client.znodes()
                        .multi(
                                "a part of a round",
                                List.of(Op.setData(client.paths().shard(shard), bytes, -1)));
                assertEquals(Optional.of(young.name()), load(client).state().holder(young.address()));
                journal = cluster.journal(settings -> settings);
                assertEquals(Optional.of(young.name()), journal.takeOver().holder(young.address()));
            }
        }
    }

    private static Allocation allocation(String label, int number) throws InvalidVipException {
        return new Allocation(
                ServiceName.of(label, "marathon"),
                Ip.of("11.0.0.0").plus(number),
                Optional.empty(),
                Allocation.Status.ALLOCATED,
                number,
                "/" + label);
    }

    @Test
    void theSnapshotFollowsTheBatchesAndLeavesNoneBehind(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            for (int slots : new int[] {4, 16, 64}) {
                UnaryOperator<ZooKeeperSettings> settings =
                        given -> given.withRoot("/slots-" + slots).withSlots(slots);
                ZooKeeperJournal journal = cluster.journal(settings);
                journal.takeOver();
                RandomStates random = new RandomStates(slots, 300);
                ZooKeeperClient reader = cluster.client(settings);
                for (int i = 0; i < 4 * slots; i++) {
                    State state = journal.append(random.changes(1 + i % 40));
                    assertStored(state, reader);
                    long behind =
                            state.seq() - new TableReader(reader).snapshot().seq();
                    assertTrue(behind <= slots / 2 + 1, behind + " batches behind, of " + slots + " slots");
                    if (i % 50 == 49) {
                        journal = cluster.journal(settings);
                        journal.takeOver();
                    }
                }
            }
        }
    }

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
    void theRingIsNeverOverrun(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            for (int slots : new int[] {4, 7}) {
                ZooKeeperJournal journal = cluster.journal(
                        settings -> settings.withRoot("/ring-" + slots).withSlots(slots));
                ZooKeeperClient reader = cluster.client(settings -> settings.withRoot("/ring-" + slots));
                journal.takeOver();
                RandomStates random = new RandomStates(slots, 20);
                for (int i = 0; i < 40; i++) {
                    State state = journal.append(random.changes(4));
                    TableReader.Loaded loaded = load(reader);
                    assertTrue(state.seq() - loaded.snapshotSeq() <= slots / 2 + 1);
                    assertEquals(state.hash(), loaded.state().hash());
                    if (i % 20 == 10) {
                        journal.takeOver();
                    }
                }
            }
        }
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

    @Test
    void tenThousandNamesCommit(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            journal.takeOver();
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                ServiceName name = RandomStates.name(i);
                ServiceKey key = new ServiceKey(name, Protocol.TCP, 80);
                Origin origin = new Origin("apps:/etc/l4lb/apps", "marathon", "/app-" + i, "/svc-" + i + ":80");
                Endpoint address = new Endpoint(Ip.of("10.0.0.0").plus(i), 31000);
                changes.add(name(i));
                changes.add(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(origin), i)));
                changes.add(new Change.BackendPut(
                        key,
                        new Backend(
                                address,
                                Optional.empty(),
                                1,
                                Health.HEALTHY,
                                "10.0.0.1",
                                "http",
                                "svc-" + i + ".instance-" + i * 7919L,
                                "apps:/etc/l4lb/apps")));
            }
            long start = System.nanoTime();
            State state = journal.append(changes);
            long appended = millisSince(start);
            journal.checkpoint();
            long checkpointed = millisSince(start) - appended;
            ZooKeeperClient reader = cluster.client();
            assertTrue(reader.awaitConnected(reader.settings().sessionTimeout()));
            start = System.nanoTime();
            assertStored(state, reader);
            long loaded = millisSince(start);
            System.err.println("10,000 names: append " + appended + " ms in " + (state.seq() - 1)
                    + " batches, checkpoint " + checkpointed + " ms, load " + loaded + " ms");
            assertEquals(10_000, state.size());
        }
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
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

    @Test
    void aChangeThatNoBatchCanHoldIsReportedAndKeepsNothingElseBack(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings);
            State before = journal.takeOver();
            Random random = new Random(5);
            List<Origin> origins = new ArrayList<>();
            for (int i = 0; i < 30_000; i++) {
                String owner = "/app-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
                origins.add(new Origin("test", "marathon", owner, "/huge:80"));
            }
            ServiceKey huge = new ServiceKey(RandomStates.name(1), Protocol.TCP, 80);
            ServiceKey wordy = new ServiceKey(RandomStates.name(2), Protocol.TCP, 80);
            Origin endless = new Origin("test", "marathon", "/app", "x".repeat(70_000));
            Backend backend = new Backend(
                    Endpoint.parse("10.0.0.1:80"), Optional.empty(), 1, Health.HEALTHY, "", "", "t", "test");
            List<Change> changes = List.of(
                    name(1),
                    new Change.ServicePut(huge, new ServiceSpec(Scheduler.WLC, origins, 1)),
                    new Change.BackendPut(huge, backend),
                    new Change.ServicePut(wordy, new ServiceSpec(Scheduler.WLC, List.of(endless), 1)),
                    name(3));
            State state = journal.append(changes);
            assertTrue(state.allocation(RandomStates.name(1)).isPresent());
            assertTrue(state.allocation(RandomStates.name(3)).isPresent());
            assertTrue(state.service(huge).isEmpty());
            List<String> problems = journal.refusals().stream()
                    .map(refusal -> refusal.problem().toString())
                    .toList();
            assertEquals(2, problems.size(), problems.toString());
            assertTrue(problems.get(0).contains("30000 origins"), problems.toString());
            assertTrue(problems.get(1).contains("longer than the limit"), problems.toString());

            // Offered again and again it costs no batch.
            long seq = state.seq();
            assertEquals(seq, journal.append(changes.subList(1, 4)).seq());
            assertStored(state, cluster.client());
            journal.append(List.of(new Change.ServicePut(huge, new ServiceSpec(Scheduler.WLC, List.of(), 1))));
            assertEquals(List.of(), journal.refusals());
            assertTrue(before.seq() < seq);
        }
    }

    private static Change backend(ServiceKey key, Random random, int number) {
        String task = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        return new Change.BackendPut(
                key,
                new Backend(
                        new Endpoint(Ip.of("10.0.0.0").plus(number), 80),
                        Optional.empty(),
                        1,
                        Health.HEALTHY,
                        "",
                        "",
                        "",
                        task,
                        "test"));
    }

    @Test
    void aShardLargerThanAZnodeIsWrittenInParts(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperClient client = cluster.client(settings -> settings.withSlots(64));
            ZooKeeperJournal journal = cluster.journal(client);
            journal.takeOver();
            ServiceKey key = new ServiceKey(RandomStates.name(1), Protocol.TCP, 80);
            Random random = new Random(3);
            List<Change> many = new ArrayList<>();
            many.add(name(1));
            many.add(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), 1)));
            for (int i = 0; i < 60_000; i++) {
                many.add(backend(key, random, i));
            }
            journal.append(many);
            // Rounds replace the parts, and small changes make the ring go round.
            for (int i = 0; i < 4; i++) {
                State state = journal.append(List.of(backend(key, random, i), name(2 + i)));
                journal.checkpoint();
                assertStored(state, cluster.client());
            }
            State state = State.EMPTY;
            for (int i = 0; i < 150; i++) {
                state = journal.append(List.of(name(10 + i)));
            }
            assertStored(state, cluster.client());
            assertEquals(
                    state.hash(), cluster.journal(cluster.client()).takeOver().hash());
            StorePaths paths = client.paths();
            String shard = paths.shard(State.shardOf(key.target()));
            assertTrue(client.znodes().exists(shard + ".0.1") && client.znodes().exists(shard + ".1.1"), "two sets");

            journal.takeOver();
            state = journal.append(List.of(new Change.ServiceRemoved(key)));
            journal.checkpoint();
            assertStored(state, cluster.client());
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
}
