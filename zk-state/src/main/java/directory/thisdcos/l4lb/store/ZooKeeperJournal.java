package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table's journal in ZooKeeper; creates the table when there is none. */
public final class ZooKeeperJournal implements StateJournal {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperJournal.class);

    /** Tries against a former writer that still appends. */
    private static final int MAX_TAKE_OVERS = 20;

    private final ZooKeeperClient client;
    private final StoreLayout layout;
    private final TableReader reader;

    /** Null before the first take-over and after every failure. */
    private @Nullable Tenure tenure;

    private List<Refusal> refusals = List.of();
    private Drains drains = Drains.NONE;

    public ZooKeeperJournal(ZooKeeperClient client) {
        this.client = client;
        this.layout = new StoreLayout(client);
        this.reader = new TableReader(client);
    }

    @Override
    public State takeOver() throws StoreException {
        tenure = null;
        client.requireConnection();
        Meta meta = layout.ensure();
        for (int tries = 1; ; tries++) {
            client.znodes().sync(client.paths().head());
            try {
                Tenure next = Tenure.begin(client, reader, meta);
                // After the claim: from here on nobody else can store other ones.
                drains = StoredDrains.read(client);
                tenure = next;
                log.info("writing the table from now on: {}", next.state());
                return next.state();
            } catch (FencedException e) {
                if (tries == MAX_TAKE_OVERS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public State append(List<Change> changes, List<Cause> causes) throws StoreException {
        return inTenure(current -> {
            refusals = current.append(List.copyOf(changes), causes);
            return current.state();
        });
    }

    @Override
    public List<Refusal> refusals() {
        return refusals;
    }

    @Override
    public Drains drains() {
        return drains;
    }

    @Override
    public void drain(Drains next) throws StoreException {
        inTenure(current -> {
            current.carryOut(List.of(StoredDrains.write(client, next)));
            drains = next;
            return current.state();
        });
    }

    @Override
    public boolean tidy() throws StoreException {
        return inTenure(Tenure::writeSome);
    }

    /**
     * Moves what only the ring holds into the snapshot; cheap when nothing changed since the last time. {@link #tidy}
     * does it bit by bit.
     */
    public void checkpoint() throws StoreException {
        inTenure(current -> {
            current.checkpoint();
            return current.state();
        });
    }

    /** The id of the cluster whose table this is; empty before there is one. */
    public Optional<String> clusterId() throws StoreException {
        return layout.meta().map(Meta::cluster);
    }

    /** A step of the current tenure. */
    private interface Step<T> {
        T run(Tenure tenure) throws StoreException;
    }

    private <T> T inTenure(Step<T> step) throws StoreException {
        Tenure current = tenure;
        if (current == null) {
            throw new FencedException("this program is not the writer of the table");
        }
        // Whatever goes wrong, what is in ZooKeeper is unknown until it is read again.
        tenure = null;
        T done = step.run(current);
        tenure = current;
        return done;
    }
}
