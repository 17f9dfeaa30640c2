package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes over the names of a running dcos-net with the addresses that they have there. */
@Command(
        name = "import",
        description = {
            "Reserves for each name of a running dcos-net the address that it has there, so that clients keep theirs"
                    + " when the cluster moves. May be repeated: what is so already is left alone. If one name cannot"
                    + " be reserved, none is, unless --partial is given.%n"
        },
        sortOptions = false,
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb import --from-dcos-net http://10.0.0.1:62080 --dns 10.0.0.1:53 --plan",
            "",
            "Exit codes: 0 every name is reserved, 1 it failed or some are not, 2 wrong usage."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int DNS_PORT = 53;

    @Option(
            names = "--from-dcos-net",
            paramLabel = "URL",
            required = true,
            description = "The API of one of its nodes, such as http://10.0.0.1:62080.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI from;

    @Option(
            names = "--dns",
            paramLabel = "ADDR:PORT",
            converter = Converters.OfEndpoint.class,
            description = "The DNS of the same node. Default: port 53 of the URL's host.")
    private @Nullable Endpoint dns;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminAddress admin;

    @Option(names = "--plan", description = "Only say what would happen.")
    private boolean plan;

    @Option(names = "--partial", description = "Reserve what can be, although some names cannot.")
    private boolean partial;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartException, WrongUsageException, InterruptedException {
        Progress progress = Progress.onTerminal();
        try {
            return run(progress);
        } finally {
            progress.done();
        }
    }

    private int run(Progress progress) throws StartException, WrongUsageException, InterruptedException {
        Endpoint server = dnsServer();
        DcosNetVips vips = DcosNetVips.fetch(from);
        Map<DnsSweep.Question, DnsSweep.Found> found = new DnsSweep(server, progress).ask(ImportPlan.questions(vips));
        ImportPlan wanted = ImportPlan.of(vips, found);
        TableTransfer transfer = new TableTransfer(new TableApi(admin), progress);
        TableTransfer.Report checked = transfer.reserve(wanted.entries(), true, wanted.conflicts());
        wanted.entries()
                .removeIf(entry -> wanted.conflicts().containsKey(entry.name().fqdn()));
        boolean isComplete = wanted.conflicts().isEmpty();
        boolean writes = !plan && (isComplete || partial);
        TableTransfer.Report report = writes ? transfer.reserve(wanted.entries(), false, wanted.conflicts()) : checked;
        progress.done();
        print(vips, wanted, report, writes);
        return wanted.conflicts().isEmpty() ? 0 : Main.FAILED;
    }

    private void print(DcosNetVips vips, ImportPlan wanted, TableTransfer.Report report, boolean writes) {
        PrintWriter out = spec.commandLine().getOut();
        wanted.conflicts().forEach((name, reason) -> out.println("conflict: " + name + ": " + reason));
        int without = vips.families().size() - vips.withBackends().size();
        out.println((writes ? "reserved " : plan ? "would reserve " : "reserved nothing because of conflicts; could ")
                + report.reserved() + " names; " + report.already() + " were already, "
                + wanted.conflicts().size() + " cannot be");
        out.println("left out: " + without + " names without backends, which have no address there, and " + vips.fixed()
                + " fixed VIPs, whose addresses stand in their labels");
        out.flush();
    }

    private Endpoint dnsServer() throws WrongUsageException {
        if (dns != null) {
            return dns;
        }
        if (from.getHost() == null) {
            throw new WrongUsageException("--from-dcos-net " + from + ": write http://ADDR:PORT");
        }
        try {
            return new Endpoint(Ip.of(InetAddress.getAllByName(from.getHost())[0]), DNS_PORT);
        } catch (UnknownHostException e) {
            throw new WrongUsageException(
                    "--from-dcos-net " + from + ": the host is unknown; give an address, or --dns ADDR:PORT");
        }
    }
}
