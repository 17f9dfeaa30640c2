package directory.thisdcos.l4lb.store;

/** What was read of a znode. */
final class Znode {
    private final byte[] data;
    private final int version;

    Znode(byte[] data, int version) {
        this.data = data;
        this.version = version;
    }

    /** Its bytes, which nobody changes. */
    byte[] data() {
        return data;
    }

    /** How often its data was set. */
    int version() {
        return version;
    }
}
