package directory.thisdcos.l4lb.store.codec;

import java.io.IOException;

/** Bytes that are no record of the table, or values that may not become one. */
public final class BadRecordException extends IOException {
    public BadRecordException(String message) {
        super(message);
    }

    BadRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
