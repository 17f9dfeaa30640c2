package directory.thisdcos.l4lb.allocator;

/** An order that cannot be carried out; the message says why and what would help. */
public final class OrderRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final String field;

    /** What stands against it. */
    public enum Kind {
        /** What it is about is not there. */
        MISSING,
        /** It would contradict the table or the settings. */
        CONFLICT,
        /** The table is not as its giver believed. */
        OUTDATED,
        /** Its giver must say on which state of the table it is based. */
        UNCONDITIONAL
    }

    public OrderRefusedException(Kind kind, String field, String message) {
        super(message);
        this.kind = kind;
        this.field = field;
    }

    static OrderRefusedException conflict(String field, String message) {
        return new OrderRefusedException(Kind.CONFLICT, field, message);
    }

    public Kind kind() {
        return kind;
    }

    /** The part of the order that is wrong; may be empty. */
    public String field() {
        return field;
    }
}
