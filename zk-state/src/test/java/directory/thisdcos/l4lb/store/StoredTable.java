package directory.thisdcos.l4lb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import java.util.Optional;

/** What ZooKeeper holds, read by somebody who knows nothing of the writer. */
final class StoredTable {
    static TableReader.Loaded load(ZooKeeperClient client) throws StoreException {
        return new TableReader(client).load(new StoreLayout(client).meta().orElseThrow());
    }

    static void assertStored(State expected, ZooKeeperClient client) throws StoreException {
        TableReader.Loaded loaded = load(client);
        assertEquals(expected.hash(), loaded.state().hash());
        assertEquals(expected.seq(), loaded.state().seq());
        assertEquals(expected.epoch(), loaded.state().epoch());
        assertEquals(expected.pools(), loaded.state().pools());
        assertTrue(expected.changedShards(loaded.state()).isEmpty());
    }

    static Change name(int number) {
        return new Change.AllocationPut(new Allocation(
                RandomStates.name(number),
                Ip.of("11.0.0.0").plus(number),
                Optional.empty(),
                Allocation.Status.ALLOCATED,
                number,
                "/app-" + number));
    }

    private StoredTable() {}
}
