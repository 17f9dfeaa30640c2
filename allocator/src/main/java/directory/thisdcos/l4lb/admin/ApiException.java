package directory.thisdcos.l4lb.admin;

/** A request that cannot be answered; becomes an RFC 9457 problem detail. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final String field;

    ApiException(int status, String title, String field, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
        this.field = field;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The parameter or path that is wrong. */
    String field() {
        return field;
    }
}
