package directory.thisdcos.l4lb.launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the manual pages, for packages. */
@Command(
        name = "man",
        hidden = true,
        description = {"Writes a manual page for each command into a folder.", ""})
final class ManCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder; made when missing.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path folder;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        try {
            Files.createDirectories(folder);
            write(spec.root().commandLine());
            return 0;
        } catch (IOException e) {
            throw new CommandFailedException("the manual pages cannot be written: " + e.getMessage(), e);
        }
    }

    private void write(CommandLine command) throws IOException {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return;
        }
        String name = command.getCommandSpec().qualifiedName("-");
        Files.writeString(folder.resolve(name + ".1"), ManPage.of(command));
        for (CommandLine sub :
                command.getSubcommands().values().stream().distinct().toList()) {
            write(sub);
        }
    }
}
