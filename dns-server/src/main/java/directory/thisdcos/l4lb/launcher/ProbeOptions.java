package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.probe.ProbeSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of how a node looks after its neighbours. */
final class ProbeOptions {
    private static final int MAX_NEIGHBOURS = 16;

    @Option(
            names = "--probe-listen",
            paramLabel = "ADDR:PORT",
            defaultValue = "0.0.0.0:62081",
            converter = Converters.OfEndpoint.class,
            description = "Where other nodes look whether this machine is there (TCP; nothing is said). With 0.0.0.0"
                    + " they use the address from which this node reaches ZooKeeper. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Endpoint listen;

    @Option(
            names = "--probe-neighbours",
            paramLabel = "COUNT",
            defaultValue = "4",
            description = "How many nodes this one looks after, and is looked after by; 0 for none."
                    + " Default: ${DEFAULT-VALUE}.")
    int neighbours;

    @Option(
            names = "--probe-interval",
            paramLabel = "DURATION",
            defaultValue = "500ms",
            converter = Converters.OfDuration.class,
            description = "Between two looks at one neighbour. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration interval;

    @Option(
            names = "--probe-timeout",
            paramLabel = "DURATION",
            defaultValue = "400ms",
            converter = Converters.OfDuration.class,
            description = "How long a neighbour has to answer; at most the interval. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration timeout;

    @Option(
            names = "--probe-falls",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "Looks in a row without an answer after which this node says that a neighbour is gone."
                    + " Default: ${DEFAULT-VALUE}.")
    int falls;

    @Option(
            names = "--probe-rises",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "Answers in a row after which it takes that back. Default: ${DEFAULT-VALUE}.")
    int rises;

    ProbeRole role() throws WrongUsageException {
        if (neighbours < 0 || neighbours > MAX_NEIGHBOURS) {
            throw new WrongUsageException(
                    "--probe-neighbours " + neighbours + " is not within 0-" + MAX_NEIGHBOURS + "; 0 turns this off");
        }
        try {
            return new ProbeRole(listen, neighbours, new ProbeSettings(interval, timeout, falls, rises));
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--probe-...: " + e.getMessage());
        }
    }
}
