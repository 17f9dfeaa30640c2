package directory.thisdcos.l4lb.store;

import org.apache.zookeeper.data.Stat;

/** What was read of a znode. */
final class Znode {
    private final byte[] data;
    private final int version;
    private final long owner;
    private final long changedMillis;

    Znode(byte[] data, Stat stat) {
        this.data = data;
        this.version = stat.getVersion();
        this.owner = stat.getEphemeralOwner();
        this.changedMillis = stat.getMtime();
    }

    /** Its bytes, which nobody changes. */
    byte[] data() {
        return data;
    }

    /** When its data was set, by the clock of ZooKeeper's leader, in milliseconds since 1970. */
    long changedMillis() {
        return changedMillis;
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
