package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that can bring their own ZooKeeper. */
final class EnsembleOptions {
    @Option(
            names = "--zookeeper",
            paramLabel = "HOST:PORT,...",
            description = "An existing ZooKeeper ensemble. Default: one embedded in this process, kept in --data.")
    @Nullable String zookeeper;

    @Option(
            names = "--embedded-zookeeper-listen",
            paramLabel = "ADDR:PORT",
            defaultValue = "127.0.0.1:0",
            converter = Converters.OfEndpoint.class,
            description = "Where the embedded ZooKeeper listens; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Endpoint embeddedListen;
}
