package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Drains;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredDrainsTest {
    private static final Drain AGENT =
            new Drain(Drain.Kind.AGENT, "Node1", new TreeSet<>(Set.of("10.0.0.1")), "alice", "new kernel", 1000);
    private static final Drain BACKEND =
            new Drain(Drain.Kind.BACKEND, "[FD01::0:1]:80", new TreeSet<>(), "bob", "", 2000);

    @Test
    void theNextWriterKnowsThemAndAnOlderOneCannotStoreAny(@TempDir Path dir) throws Exception {
        try (TestCluster cluster = new TestCluster(dir)) {
            ZooKeeperJournal first = cluster.journal(settings -> settings);
            first.takeOver();
            assertEquals(Drains.NONE, first.drains());
            Drains both = Drains.of(List.of(BACKEND, AGENT));
            first.drain(both);
            assertEquals(both, first.drains());
            ZooKeeperJournal second = cluster.journal(settings -> settings);
            second.takeOver();
            assertEquals(both, second.drains());
            assertEquals("node1", second.drains().list().get(0).what());
            assertEquals("[fd01::1]:80", second.drains().list().get(1).what());
            assertThrows(FencedException.class, () -> first.drain(Drains.NONE));
            first.takeOver();
            assertEquals(both, first.drains(), "what was refused was not stored");
            first.drain(both.without(AGENT));
            assertEquals(List.of(BACKEND), first.drains().list());
        }
    }
}
