package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.TableLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the table what a file of {@link BackupCommand} holds. */
@Command(
        name = "restore",
        description =
                "Makes the table what a file of `l4lb backup` holds. The file is checked first. What the sources say"
                        + " now counts on top of it: a name that nobody declares goes into quarantine with its address.%n",
        sortOptions = false,
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb restore table.jsonl"})
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What `l4lb backup` wrote.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--replace",
            description = "The table may hold something; names that are not in the file go into quarantine.")
    private boolean replace;

    @Option(names = "--edited", description = "The file was changed by hand after it was written.")
    private boolean edited;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminAddress admin;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartException, InterruptedException {
        State table;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            table = TableLines.read(in, edited);
        } catch (IOException e) {
            throw new StartException(file + ": " + Reasons.of(e), e);
        }
        int changes = new TableApi(admin).restore(file, replace, edited);
        spec.commandLine()
                .getOut()
                .println("restored " + table.size() + " names and fixed VIPs of table " + table.seq() + " with "
                        + changes + " changes");
        spec.commandLine().getOut().flush();
        return 0;
    }
}
