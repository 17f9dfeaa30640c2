package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.Meta;
import directory.thisdcos.l4lb.store.codec.Snapshot;
import directory.thisdcos.l4lb.store.codec.StoreCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the znodes of a table, all of them persistent and for good. Several programs may do so at once: {@code meta}
 * comes last, so where it exists, everything exists.
 */
final class StoreLayout {
    private static final Logger log = LoggerFactory.getLogger(StoreLayout.class);

    /** Creates in one transaction; each is about 100 bytes. */
    private static final int CREATES_AT_ONCE = 256;

    /** Rounds against others who create the same znodes at the same time. */
    private static final int MAX_ROUNDS = 100;

    private final ZooKeeperSettings settings;
    private final StorePaths paths;
    private final Znodes znodes;
    private final AccessLists access;

    StoreLayout(ZooKeeperClient client) {
        this.settings = client.settings();
        this.paths = client.paths();
        this.znodes = client.znodes();
        this.access = client.accessLists();
    }

    /** What is fixed of the table; empty if there is none. */
    Optional<Meta> meta() throws StoreException {
        Optional<Znode> znode = znodes.read(paths.meta());
        return znode.isPresent() ? Optional.of(decode(znode.get())) : Optional.empty();
    }

    /** Whether there is a table; leaves a one-shot watch in both cases. */
    boolean exists(Watcher watcher) throws StoreException {
        return znodes.exists(paths.meta(), watcher);
    }

    private Meta decode(Znode znode) throws StoreException {
        try {
            return StoreCodec.decodeMeta(znode.data());
        } catch (IOException e) {
            throw new StoreException(paths.meta() + ": " + e.getMessage(), e);
        }
    }

    /** Creates what is missing. */
    Meta ensure() throws StoreException {
        Optional<Meta> existing = meta();
        if (existing.isPresent()) {
            ensureNodes();
            ensureEmpty(paths.drains());
            return existing.get();
        }
        ensureDirectory(paths.leader());
        ensureDirectory(paths.journal());
        ensureNodes();
        ensureEmpty(paths.drains());
        Meta fresh = new Meta(Meta.FORMAT, UUID.randomUUID().toString(), State.SHARDS, settings.slots());
        try {
            create(paths.snapshot(), StoreCodec.encode(new Snapshot(0, Optional.empty())));
            ensureChildren(paths.journal(), StorePaths.slotNames(settings.slots()));
            ensureChildren(paths.snapshot(), StorePaths.shardNames());
            create(paths.head(), StoreCodec.encode(new Batch(0, 0, State.EMPTY.hash(), List.of()), ""));
            create(paths.meta(), StoreCodec.encode(fresh));
        } catch (IOException e) {
            throw new StoreException("cannot encode an empty table", e);
        }
        Meta meta = meta().orElseThrow(() -> new StoreException(paths.meta() + " vanished while it was created"));
        if (meta.equals(fresh)) {
            log.info("created a new table in ZooKeeper at {}, cluster {}", settings.path(), meta.cluster());
        }
        return meta;
    }

    /** Where nodes register; tables of earlier releases have no such place. */
    private void ensureNodes() throws StoreException {
        create(paths.nodes(), new byte[0], access.nodes());
    }

    /** Creates a directory with its parents; as containers, which Curator would make, they vanish when empty. */
    void ensureDirectory(String path) throws StoreException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            create(path.substring(0, slash), new byte[0], access.table());
        }
        create(path, new byte[0], access.table());
    }

    /** Creates one without content if it is missing. */
    void ensureEmpty(String path) throws StoreException {
        create(path, new byte[0]);
    }

    private void create(String path, byte[] data) throws StoreException {
        create(path, data, access.table());
    }

    private void create(String path, byte[] data, List<ACL> acl) throws StoreException {
        // Asked first, since above our root we may not be allowed to create what is there.
        if (znodes.exists(path)) {
            return;
        }
        try {
            znodes.multi("create " + path, List.of(Op.create(path, data, acl, CreateMode.PERSISTENT)));
        } catch (RequestFailedException e) {
            if (!e.is(Code.NODEEXISTS)) {
                throw e;
            }
        }
    }

    private void ensureChildren(String parent, List<String> names) throws StoreException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Op> missing = missing(parent, names);
            if (missing.isEmpty()) {
                return;
            }
            try {
                for (int i = 0; i < missing.size(); i += CREATES_AT_ONCE) {
                    znodes.multi(
                            "create the slots of " + parent,
                            missing.subList(i, Math.min(missing.size(), i + CREATES_AT_ONCE)));
                }
            } catch (RequestFailedException e) {
                // Somebody else was faster with one of them; the next round creates what is left.
                if (!e.is(Code.NODEEXISTS)) {
                    throw e;
                }
            }
        }
        throw new StoreException("cannot create the znodes under " + parent);
    }

    private List<Op> missing(String parent, List<String> names) throws StoreException {
        Set<String> present = new HashSet<>(znodes.children(parent));
        List<Op> missing = new ArrayList<>();
        for (String name : names) {
            if (!present.contains(name)) {
                missing.add(creation(parent + "/" + name));
            }
        }
        return missing;
    }

    private Op creation(String path) {
        return Op.create(path, new byte[0], access.table(), CreateMode.PERSISTENT);
    }
}
