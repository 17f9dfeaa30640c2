package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.store.codec.DrainsJson;
import java.io.IOException;
import java.util.Optional;
import org.apache.zookeeper.Op;

/**
 * What operators drain, in a znode of its own: nodes need not know it, since it shows in the health of backends, and
 * programs of earlier releases leave it alone.
 */
final class StoredDrains {

    private StoredDrains() {}

    static Drains read(ZooKeeperClient client) throws StoreException {
        String path = client.paths().drains();
        Optional<Znode> znode = client.znodes().read(path);
        try {
            return znode.isPresent() ? DrainsJson.decode(znode.get().data()) : Drains.NONE;
        } catch (IOException e) {
            throw new StoreException(path + ": " + e.getMessage(), e);
        }
    }

    static Op write(ZooKeeperClient client, Drains drains) throws StoreException {
        try {
            return Op.setData(client.paths().drains(), DrainsJson.encode(drains), -1);
        } catch (IOException e) {
            throw new StoreException("cannot encode what is drained: " + e.getMessage(), e);
        }
    }
}
