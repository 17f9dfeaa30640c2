package directory.thisdcos.l4lb.store;

import static directory.thisdcos.l4lb.store.StoredTable.assertStored;
import static directory.thisdcos.l4lb.store.StoredTable.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperJournalTest {

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
}
