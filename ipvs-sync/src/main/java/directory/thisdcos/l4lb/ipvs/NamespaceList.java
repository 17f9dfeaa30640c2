package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import directory.thisdcos.l4lb.netlink.NetworkNamespace;
import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds the namespaces that exist now. Runs on: one thread at a time. */
final class NamespaceList {
    /** No path of Linux is longer (PATH_MAX). */
    private static final int LONGEST_PATH = 4096;

    private final NamespaceSources sources;
    private final Optional<NetworkNamespace> own = NetworkNamespace.current();
    private List<Problem> problems = List.of();

    NamespaceList(NamespaceSources sources) {
        this.sources = sources;
    }

    /** One that exists. */
    record Found(String name, Path path, NetworkNamespace namespace) {}

    /** Each once, by name. */
    Map<String, Found> look() {
        Map<String, Path> named = new TreeMap<>();
        List<Problem> wrong = new ArrayList<>();
        sources.paths().forEach(path -> named.put(path.toString(), path));
        sources.folder().ifPresent(folder -> readFolder(folder, named, wrong));
        Map<String, Found> found = new TreeMap<>();
        Set<NetworkNamespace> seen = new HashSet<>();
        named.forEach((name, path) -> NetworkNamespace.at(path).ifPresent(namespace -> {
            if (own.filter(namespace::equals).isPresent()) {
                wrong.add(problem(name, "is this host's own network namespace, which has the table anyway"));
            } else if (seen.add(namespace)) {
                found.put(name, new Found(name, path, namespace));
            }
        }));
        problems = List.copyOf(wrong);
        return found;
    }

    private static void readFolder(Path folder, Map<String, Path> named, List<Problem> wrong) {
        // It may come later, with the first container.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (!name.startsWith(".") && Files.isRegularFile(file)) {
                    readFile(name, file, named, wrong);
                }
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            wrong.add(problem(folder.toString(), "cannot be read: " + e));
        }
    }

    private static void readFile(String name, Path file, Map<String, Path> named, List<Problem> wrong) {
        try {
            String text = Files.size(file) > LONGEST_PATH
                    ? "?"
                    : Files.readString(file, UTF_8).strip();
            // An empty one is being written.
            if (!text.isEmpty()) {
                Path path = Path.of(text);
                if (path.isAbsolute()) {
                    named.put(name, path);
                } else {
                    wrong.add(problem(file.toString(), "has no absolute path of a network namespace in it"));
                }
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException | InvalidPathException e) {
            wrong.add(problem(file.toString(), "cannot be read: " + e));
        }
    }

    static Problem problem(String name, String message) {
        return new Problem("ipvs-netns", "network namespace " + name, message);
    }

    /** Of the last look. */
    List<Problem> problems() {
        return problems;
    }
}
