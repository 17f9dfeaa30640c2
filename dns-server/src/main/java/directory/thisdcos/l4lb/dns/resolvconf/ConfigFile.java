package directory.thisdcos.l4lb.dns.resolvconf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A file that programs read at any time: they find the old one or the new one, whole. Only in a container, where it is a
 * mount of its own and cannot be replaced, it is written in place.
 */
record ConfigFile(Path path) {

    void write(String text) throws IOException {
        Path temporary = temporary("new");
        try {
            write(temporary, text, StandardOpenOption.CREATE_NEW);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            if (!replace(temporary, path)) {
                write(path, text, StandardOpenOption.TRUNCATE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path to, String text, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE, how)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Keeps the file, or the link, under another name too, in place of what has that name. */
    void putAside(Path aside) throws IOException {
        Path temporary = temporary("aside");
        try {
            if (Files.isSymbolicLink(path)) {
                Files.createSymbolicLink(temporary, Files.readSymbolicLink(path));
            } else {
                Files.copy(path, temporary, StandardCopyOption.COPY_ATTRIBUTES);
            }
            Files.move(temporary, aside, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The opposite of {@link #putAside}. */
    void bringBack(Path aside) throws IOException {
        if (!replace(aside, path)) {
            write(path, Files.readString(aside, StandardCharsets.ISO_8859_1), StandardOpenOption.TRUNCATE_EXISTING);
            Files.delete(aside);
        }
    }

    /** False if the target is a mount and so cannot be replaced (rename(2), EBUSY). */
    private static boolean replace(Path by, Path target) throws IOException {
        try {
            Files.move(by, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("busy")) {
                return false;
            }
            throw e;
        }
    }

    private Path temporary(String purpose) {
        return path.resolveSibling("." + path.getFileName() + ".l4lb-" + purpose + "-"
                + ProcessHandle.current().pid());
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }
}
