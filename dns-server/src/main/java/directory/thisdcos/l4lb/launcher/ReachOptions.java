package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.reach.ReachSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of when an allocator takes a machine for gone. */
final class ReachOptions {
    @Option(
            names = "--unreachable-witnesses",
            paramLabel = "COUNT",
            defaultValue = "2",
            description = "How many must say that a node's machine is gone before its backends get no connections: each"
                    + " neighbour that cannot reach it is one, and so is the end of its own session. At least 2; 0 turns"
                    + " this off. Default: ${DEFAULT-VALUE}.")
    int witnesses;

    @Option(
            names = "--unreachable-grace",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Converters.OfDuration.class,
            description = "How long a session must have ended to count as a witness. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration grace;

    @Option(
            names = "--unreachable-session",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Converters.OfDuration.class,
            description = "How long a session must have ended to be enough without any neighbour. 0s for never: the end"
                    + " of the program on a node is not the end of its tasks. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration session;

    @Option(
            names = "--unreachable-hold",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = Converters.OfDuration.class,
            description = "How long there must have been too few witnesses before the backends come back."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration hold;

    @Option(
            names = "--unreachable-max",
            paramLabel = "PERCENT",
            defaultValue = "50",
            description = "When more than this share of the nodes seems gone, all backends stay, and a problem says so."
                    + " Default: ${DEFAULT-VALUE}.")
    int maxPercent;

    ReachSettings settings() throws WrongUsageException {
        try {
            return new ReachSettings(witnesses, grace, session, hold, maxPercent);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--unreachable-...: " + e.getMessage());
        }
    }
}
