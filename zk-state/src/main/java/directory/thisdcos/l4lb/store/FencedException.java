package directory.thisdcos.l4lb.store;

/** Another writer took over; this one may not write any more. */
public final class FencedException extends StoreException {
    public FencedException(String message) {
        super(message);
    }
}
