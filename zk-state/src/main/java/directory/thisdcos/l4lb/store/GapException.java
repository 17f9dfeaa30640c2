package directory.thisdcos.l4lb.store;

/** The ring no longer holds a batch that is needed; the snapshot does. */
final class GapException extends StoreException {
    GapException(String message) {
        super(message);
    }
}
