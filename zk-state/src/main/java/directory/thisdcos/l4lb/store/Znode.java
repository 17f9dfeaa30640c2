package directory.thisdcos.l4lb.store;

import org.apache.zookeeper.data.Stat;

/** What was read of a znode. */
final class Znode {
    private final byte[] data;
    private final int version;
    private final long owner;

    Znode(byte[] data, Stat stat) {
        this.data = data;
        this.version = stat.getVersion();
        this.owner = stat.getEphemeralOwner();
    }

    /** Its bytes, which nobody changes. */
    byte[] data() {
        return data;
    }

    /** How often its data was set. */
    int version() {
        return version;
    }

    /** The session with which it goes; 0 if it stays. */
    long owner() {
        return owner;
    }
}
