package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.model.Batch;

/**
 * The newest batch, and the znode's version: a write that expects this version fails once somebody else wrote.
 */
record Head(Batch batch, int version) {

    long seq() {
        return batch.seq();
    }

    long epoch() {
        return batch.epoch();
    }
}
