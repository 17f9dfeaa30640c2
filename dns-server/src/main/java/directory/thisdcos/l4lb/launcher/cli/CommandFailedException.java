package directory.thisdcos.l4lb.launcher.cli;

/** A command could not do what it was asked for; the message is one line for the user, with the fix. */
public final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailedException(String message) {
        super(message);
    }

    CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
