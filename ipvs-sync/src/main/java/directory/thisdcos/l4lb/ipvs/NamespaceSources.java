package directory.thisdcos.l4lb.ipvs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where to learn of the network namespaces of containers that shall have the table too.
 *
 * @param folder one file for each container: its name is the container's, its content the namespace's path, as DC/OS's
 *     CNI plugin writes them for dcos-net; files that begin with a dot are none
 * @param paths namespaces by path; nothing need be there yet
 */
public record NamespaceSources(Optional<Path> folder, List<Path> paths) {
    public static final NamespaceSources NONE = new NamespaceSources(Optional.empty(), List.of());

    public NamespaceSources {
        paths = List.copyOf(paths);
    }

    boolean isEmpty() {
        return folder.isEmpty() && paths.isEmpty();
    }
}
