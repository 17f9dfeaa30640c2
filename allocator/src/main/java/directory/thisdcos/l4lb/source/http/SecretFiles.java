package directory.thisdcos.l4lb.source.http;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with secrets: what is wrong with one is said without its content. */
final class SecretFiles {
    private SecretFiles() {}

    static String read(Path file, long maxBytes) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("the file " + file + " does not exist");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("the file " + file + " cannot be read: permission denied");
        }
        if (Files.size(file) > maxBytes) {
            throw new IOException("the file " + file + " is larger than " + maxBytes + " octets");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException("the file " + file + " is not UTF-8 text", e);
        }
    }
}
