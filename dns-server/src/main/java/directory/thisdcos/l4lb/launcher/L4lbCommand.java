package directory.thisdcos.l4lb.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command, to which {@link Commands} adds the others: prints the help, and fails as wrong usage because it does nothing by itself. */
@Command(
        name = "l4lb",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Name-based layer-4 load balancing for clusters without Kubernetes.%n",
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb standalone --apps examples",
            "  ./l4lb standalone --help",
            "",
            "Exit codes: 0 stopped by request, 1 failed, 2 wrong usage."
        })
final class L4lbCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Main.WRONG_USAGE;
    }
}
