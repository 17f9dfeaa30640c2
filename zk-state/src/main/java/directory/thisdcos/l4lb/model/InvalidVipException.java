package directory.thisdcos.l4lb.model;

/** A VIP label that gives no virtual service. The message says what is wrong and how to mend it. */
public final class InvalidVipException extends Exception {
    public InvalidVipException(String reason) {
        super(reason);
    }
}
