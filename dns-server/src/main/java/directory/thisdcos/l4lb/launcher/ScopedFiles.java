package directory.thisdcos.l4lb.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Files of which each counts for the sources whose URL begins in a certain way, the longest such beginning first. */
record ScopedFiles(List<Scoped> files) {

    record Scoped(String urlPrefix, Path file) {}

    ScopedFiles {
        files = files.stream()
                .sorted(Comparator.comparingInt(
                                (Scoped scoped) -> scoped.urlPrefix().length())
                        .reversed())
                .toList();
    }

    /** Reads {@code [URL=]FILE}. */
    static ScopedFiles parse(List<String> texts) throws WrongUsageException {
        List<Scoped> files = new ArrayList<>();
        for (String text : texts) {
            int equals = text.contains("://") ? text.indexOf('=', text.indexOf("://")) : -1;
            String file = text.substring(equals + 1);
            if (file.isBlank() || (equals < 0 && text.contains("://"))) {
                throw new WrongUsageException("'" + text + "' names no file; write URL=FILE, or FILE for all sources");
            }
            files.add(new Scoped(equals < 0 ? "" : text.substring(0, equals), Path.of(file)));
        }
        return new ScopedFiles(files);
    }

    /** The file for a source, by its URL as it was given. */
    Optional<Path> of(String url) {
        return files.stream()
                .filter(scoped -> url.startsWith(scoped.urlPrefix()))
                .map(Scoped::file)
                .findFirst();
    }
}
