package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.IpvsException;
import directory.thisdcos.l4lb.ipvs.IpvsFlush;
import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "flush",
        description = {
            "Removes from this machine's kernel exactly what l4lb made: IPVS services, routes and the nftables table.",
            "Connections through virtual addresses end. Without --yes it only shows what it would remove.%n"
        },
        sortOptions = false)
final class IpvsFlushCommand implements Callable<Integer> {
    private static final Duration KERNEL_TIMEOUT = Duration.ofSeconds(5);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder that l4lb ran with. Default: l4lb-data in this folder if it is there, otherwise"
                    + " /var/lib/l4lb.")
    private @Nullable Path data;

    @Option(names = "--yes", description = "Remove it.")
    private boolean yes;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Override
    public Integer call() throws StartException {
        Path folder = DataFolders.existing(data);
        if (!Files.isDirectory(folder)) {
            throw new StartException("there is no data folder " + folder + ": say with --data DIR where l4lb ran");
        }
        try (DataFolder held = DataFolder.open(folder);
                IpvsFlush flush = IpvsFlush.open(held.ipvs(), KERNEL_TIMEOUT)) {
            List<String> found = flush.find();
            PrintWriter out = spec.commandLine().getOut();
            found.forEach(out::println);
            if (yes) {
                flush.remove();
            }
            out.println(found.size() + (yes ? " removed" : " found; nothing was removed, for that add --yes"));
            out.flush();
            return 0;
        } catch (IpvsException e) {
            throw new StartException("ipvs flush: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartException("ipvs flush: " + Reasons.of(e), e);
        }
    }
}
