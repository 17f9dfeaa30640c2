package directory.thisdcos.l4lb.source.json;

/** A text that is not JSON; line and column count from 1. */
public final class MalformedJsonException extends Exception {
    public MalformedJsonException(int line, int column, String reason) {
        super("line " + line + ", column " + column + ": " + reason.replaceAll("\\s*\\R\\s*", " "));
    }
}
