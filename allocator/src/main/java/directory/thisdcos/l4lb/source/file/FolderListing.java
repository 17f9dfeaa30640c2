package directory.thisdcos.l4lb.source.file;

import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON files of a folder at one moment.
 *
 * @param files each with what tells one content from the next
 * @param unreadable files that are there and cannot be looked at
 */
record FolderListing(SortedMap<Path, Stamp> files, SortedMap<Path, Problem> unreadable) {

    /** A file's identity: an atomic replace changes the key even if size and time stay. */
    record Stamp(long modifiedMillis, long size, String fileKey) {}

    /** Reads the folder; throws if it cannot be listed at all. */
    static FolderListing read(Path folder) throws IOException {
        SortedMap<Path, Stamp> files = new TreeMap<>();
        SortedMap<Path, Problem> unreadable = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : entries) {
                // Hidden files are editors' locks and backups.
                if (!file.getFileName().toString().startsWith(".")) {
                    stamp(file, files, unreadable);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new FolderListing(files, unreadable);
    }

    private static void stamp(Path file, SortedMap<Path, Stamp> files, SortedMap<Path, Problem> unreadable) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                files.put(
                        file,
                        new Stamp(
                                attributes.lastModifiedTime().toMillis(),
                                attributes.size(),
                                Objects.toString(attributes.fileKey(), "")));
            }
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                unreadable.put(file, AppFile.unreadable(file, "the symbolic link points nowhere"));
            }
        } catch (IOException e) {
            unreadable.put(file, AppFile.unreadable(file, e.toString()));
        }
    }
}
