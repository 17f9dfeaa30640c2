package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where DNS listens, if that is to be addresses of its own. */
final class DnsInterfaceOptions {
    /** Those of dcos-net, which the resolv.conf of many an image names. */
    private static final List<Endpoint> USUAL = Stream.of("198.51.100.1:53", "198.51.100.2:53", "198.51.100.3:53")
            .map(Endpoint::parse)
            .toList();

    /** IFNAMSIZ is 16 with the final NUL; dev_valid_name. */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^/:\\s]{1,15}");

    @Option(
            names = "--dns-interface",
            paramLabel = "NAME",
            description = "Make a dummy interface of this name, and give it the addresses of --dns-listen; without"
                    + " --dns-listen they are 198.51.100.1 to .3, port 53. It stays when the program ends.")
    @Nullable String name;

    Optional<String> checkedName() throws WrongUsageException {
        if (name != null && !NAME.matcher(name).matches()) {
            throw new WrongUsageException("--dns-interface '" + name
                    + "' is no name for an interface: 1 to 15 characters without / : or space");
        }
        return Optional.ofNullable(name);
    }

    /** The addresses to listen at; {@code given} is what the option says, or its default. */
    List<Endpoint> listen(List<Endpoint> given) {
        boolean isDefault = given.equals(List.of(Endpoint.parse(NodeOptions.DNS_LISTEN)));
        return name != null && isDefault ? USUAL : given;
    }
}
