package directory.thisdcos.l4lb.store;

/** After a batch the state is not the one that its writer had. */
final class DivergedException extends StoreException {
    DivergedException(String message) {
        super(message);
    }
}
