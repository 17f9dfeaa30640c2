package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the allocators reach each other. */
final class AdvertiseOptions {
    @Option(
            names = "--admin-advertise",
            paramLabel = "ADDR:PORT",
            converter = Converters.OfEndpoint.class,
            description =
                    "Where the other allocators reach this admin API, to pass on what changes the table while this"
                            + " one leads. Default: --admin-listen; from another machine neither loopback nor 0.0.0.0 works.")
    @Nullable Endpoint advertise;
}
