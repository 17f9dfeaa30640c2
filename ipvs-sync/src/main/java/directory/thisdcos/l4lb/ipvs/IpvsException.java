package directory.thisdcos.l4lb.ipvs;

/** The engine cannot work here; the message is one sentence for the operator. */
public final class IpvsException extends Exception {
    IpvsException(String message) {
        super(message);
    }

    IpvsException(String message, Throwable cause) {
        super(message, cause);
    }
}
