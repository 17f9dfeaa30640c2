package directory.thisdcos.l4lb.source.mesos;

import java.io.IOException;

/** Octets that are no RecordIO; nothing that follows them can be understood. */
final class RecordIoException extends IOException {
    RecordIoException(String message) {
        super(message);
    }
}
