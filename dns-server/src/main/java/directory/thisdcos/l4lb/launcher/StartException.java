package directory.thisdcos.l4lb.launcher;

/** The program cannot start on this machine as it is; the message is one line that names the reason and the fix. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    StartException(String message) {
        super(message);
    }
}
