package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;

/**
 * The newest batch.
 *
 * @param version of the znode: a write that expects this version fails once somebody else wrote
 * @param writtenMillis when it was written, by the clock of ZooKeeper's leader, in milliseconds since 1970
 */
record Head(Batch batch, int version, long writtenMillis) {

    long seq() {
        return batch.seq();
    }

    long epoch() {
        return batch.epoch();
    }
}
