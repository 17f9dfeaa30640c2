package directory.thisdcos.l4lb.store;

/** The table in ZooKeeper could not be read or written. */
public class StoreException extends Exception {
    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
