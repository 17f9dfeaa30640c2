package directory.thisdcos.l4lb.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * The access lists of what we create: writers may do everything, readers may read the table, and register themselves. A
 * client without an identity could lock itself out, so it leaves everything open.
 */
final class AccessLists implements ACLProvider {
    private final boolean open;
    private final List<Id> writers;
    private final List<Id> readers;

    AccessLists(ZooKeeperAccess access) {
        this.open = !access.isIdentified();
        // Every identity of the session that creates the znode.
        this.writers = new ArrayList<>(List.of(ZooDefs.Ids.AUTH_IDS));
        access.writers().forEach(id -> writers.add(new Id(id.scheme(), id.id())));
        this.readers = access.readers().isEmpty()
                ? List.of(ZooDefs.Ids.ANYONE_ID_UNSAFE)
                : access.readers().stream()
                        .map(id -> new Id(id.scheme(), id.id()))
                        .toList();
    }

    /** Of the table: head, journal, snapshot, and of all that Curator creates. */
    List<ACL> table() {
        return list(Perms.READ);
    }

    /** Of the directory in which each reader registers itself; to delete is what a node's next session needs. */
    List<ACL> nodes() {
        return list(Perms.READ | Perms.CREATE | Perms.DELETE);
    }

    private List<ACL> list(int readersMay) {
        if (open) {
            return ZooDefs.Ids.OPEN_ACL_UNSAFE;
        }
        List<ACL> list = new ArrayList<>();
        writers.forEach(id -> list.add(new ACL(Perms.ALL, id)));
        readers.forEach(id -> list.add(new ACL(readersMay, id)));
        return list;
    }

    @Override
    public List<ACL> getDefaultAcl() {
        return table();
    }

    @Override
    public List<ACL> getAclForPath(String path) {
        return table();
    }
}
