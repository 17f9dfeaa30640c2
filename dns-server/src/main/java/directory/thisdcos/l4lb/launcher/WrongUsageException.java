package directory.thisdcos.l4lb.launcher;

/** A setting that cannot be; the message is one line that names it and the fix. */
final class WrongUsageException extends Exception {
    private static final long serialVersionUID = 1;

    WrongUsageException(String message) {
        super(message);
    }
}
