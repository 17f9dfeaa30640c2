package directory.thisdcos.l4lb.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file operation failed, in words; the JDK's messages are often just the path. */
final class Reasons {

    private Reasons() {}

    static String of(IOException error) {
        if (error instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof NotDirectoryException || error instanceof FileAlreadyExistsException) {
            return "it is not a folder";
        }
        return error.getMessage() == null ? error.toString() : error.getMessage();
    }
}
