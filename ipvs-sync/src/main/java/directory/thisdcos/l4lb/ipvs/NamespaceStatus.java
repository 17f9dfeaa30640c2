package directory.thisdcos.l4lb.ipvs;

import java.util.Optional;

/**
 * A container's network namespace that has the table too.
 *
 * @param name the container's, or the path
 * @param services virtual services that it should have
 * @param writes asked of its kernel since it was found
 * @param error why it does not have them
 */
public record NamespaceStatus(String name, String path, int services, long writes, Optional<String> error) {}
