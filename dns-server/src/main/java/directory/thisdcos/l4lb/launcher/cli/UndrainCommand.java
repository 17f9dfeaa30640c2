package directory.thisdcos.l4lb.launcher.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a drain. */
@Command(
        name = "undrain",
        description = {"Ends a drain: what is healthy gets new connections again.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = "  ./l4lb undrain agent 10.0.0.5")
final class UndrainCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Command(name = "agent", description = "Ends the drain of an agent.")
    int agent(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "AGENT", description = "As `l4lb drain list` calls it.") String agent)
            throws CommandFailedException {
        return end(options, "agent", agent);
    }

    @Command(name = "backend", description = "Ends the drain of a backend.")
    int backend(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "ADDRESS:PORT", description = "As `l4lb drain list` calls it.") String backend)
            throws CommandFailedException {
        return end(options, "backend", backend);
    }

    private static int end(ApiOptions options, String kind, String what) throws CommandFailedException {
        options.api().send("DELETE", DrainCommand.PATH + "/" + kind + "/" + Api.part(what), "", Map.of());
        return 0;
    }
}
