package directory.thisdcos.l4lb.store;

import org.apache.zookeeper.KeeperException;

/** ZooKeeper refused one request, or did not answer it. */
final class RequestFailedException extends StoreException {
    private final KeeperException.Code code;

    RequestFailedException(String what, KeeperException.Code code) {
        super("ZooKeeper: " + what + ": " + code);
        this.code = code;
    }

    RequestFailedException(String what, KeeperException.Code code, Throwable cause) {
        super("ZooKeeper: " + what + ": " + code, cause);
        this.code = code;
    }

    boolean is(KeeperException.Code other) {
        return code == other;
    }

    /** Whether the request may have been carried out all the same. */
    boolean outcomeUnknown() {
        return switch (code) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONEXPIRED -> true;
            default -> false;
        };
    }
}
