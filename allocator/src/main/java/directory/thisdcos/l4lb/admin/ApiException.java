package directory.thisdcos.l4lb.admin;

/** A request that cannot be answered; becomes an RFC 9457 problem detail. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final String field;
    private final String fix;

    /** Where the detail says what to do. */
    ApiException(int status, String title, String field, String detail) {
        this(status, title, field, detail, "");
    }

    /**
     * @param status 400 to 599
     * @param field the parameter, header or part of the body that is wrong; empty if it is none
     * @param fix what to do about it; empty if the detail says so
     */
    ApiException(int status, String title, String field, String detail, String fix) {
        super(detail);
        this.status = status;
        this.title = title;
        this.field = field;
        this.fix = fix;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String field() {
        return field;
    }

    String fix() {
        return fix;
    }
}
