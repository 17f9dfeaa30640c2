package directory.thisdcos.l4lb.source.api;

/** A request that cannot be taken; the message says what is wrong with the field, and the fix. */
public final class InvalidDocumentException extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;

    InvalidDocumentException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** Its place, such as {@code backends[0].port}; empty for the document itself. */
    public String field() {
        return field;
    }
}
