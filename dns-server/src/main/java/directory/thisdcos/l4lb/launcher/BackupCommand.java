package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.codec.TableLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the whole table into a file, and checks it. */
@Command(
        name = "backup",
        description =
                "Writes the whole table into a file of JSON lines: every name with its addresses, every service with"
                        + " its backends.%n",
        sortOptions = false,
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb backup table.jsonl"})
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Replaced when the new one is whole and checked.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

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
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            State table;
            try (InputStream body = new TableApi(admin).backup()) {
                Files.copy(body, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(fresh))) {
                table = TableLines.read(in, false);
            }
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            spec.commandLine()
                    .getOut()
                    .println("wrote " + table.size() + " names and fixed VIPs into " + file + ", as of table "
                            + table.seq());
            spec.commandLine().getOut().flush();
            return 0;
        } catch (IOException e) {
            throw new StartException(file + ": " + Reasons.of(e), e);
        }
    }
}
