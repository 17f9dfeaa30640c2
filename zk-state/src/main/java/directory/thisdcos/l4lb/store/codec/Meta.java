package directory.thisdcos.l4lb.store.codec;

/**
 * What is fixed when a table is created.
 *
 * @param format version of the layout and of the records
 * @param cluster a random id; two tables with one id have one history
 * @param shards number of snapshot shards
 * @param slots number of slots of the journal's ring
 */
public record Meta(int format, String cluster, int shards, int slots) {

    /** The only format that this release writes and reads. */
    public static final int FORMAT = 1;
}
