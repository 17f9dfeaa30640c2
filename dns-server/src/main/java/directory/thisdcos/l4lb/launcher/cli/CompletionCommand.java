package directory.thisdcos.l4lb.launcher.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion scripts, made from the commands themselves. */
@Command(
        name = "completion",
        description = {"Prints a completion script for a shell.", ""},
        footerHeading = "%nTry it:%n",
        footer = {
            "  source <(l4lb completion bash)         also for zsh, after autoload -U +X bashcompinit && bashcompinit",
            "  l4lb completion fish | source"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that we have scripts for. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Shell shell;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        PrintWriter out = spec.commandLine().getOut();
        out.print(shell == Shell.FISH ? FishCompletion.of(root) : AutoComplete.bash(root.name(), root.commandLine()));
        out.flush();
        return 0;
    }
}
