package directory.thisdcos.l4lb.store;

import static directory.thisdcos.l4lb.store.StoredTable.assertStored;
import static directory.thisdcos.l4lb.store.StoredTable.load;
import static directory.thisdcos.l4lb.store.StoredTable.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shards hold, of whatever age each is. */
class SnapshotTest {

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

    /** Idle moments of any number, a round that a batch cuts short, one that the next writer finds half done. */
    @Test
    void idleMomentsWriteTheSnapshotALittleAtATime(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal journal = cluster.journal(settings -> settings.withSlots(32));
            ZooKeeperClient reader = cluster.client(settings -> settings.withSlots(32));
            Random random = new Random(9);
            RandomStates states = new RandomStates(9, 400);
            journal.takeOver();
            for (int i = 0; i < 120; i++) {
                State state = journal.append(states.changes(1 + random.nextInt(60)));
                for (int idle = random.nextInt(3); idle > 0 && journal.tidy(); idle--) {
                    assertStored(state, reader);
                }
                assertStored(state, reader);
                if (random.nextInt(20) == 0) {
                    journal.takeOver();
                }
            }
            State state = journal.append(List.of(name(1)));
            while (journal.tidy()) {
                assertStored(state, reader);
            }
            assertTrue(state.seq() - load(reader).snapshotSeq() < 32 / 4);
            assertStored(state, reader);
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
}
