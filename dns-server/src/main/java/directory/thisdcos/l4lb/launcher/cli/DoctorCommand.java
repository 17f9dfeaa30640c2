package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at this machine before, or while, a node runs on it. */
@Command(
        name = "doctor",
        description = {
            "Looks whether this machine can be a node, and says what to do.",
            "Kernel, privileges, ports, ZooKeeper, clock, resolv.conf, neighbours, IPVS services and packet filter rules of others; changes nothing. Ends with 0 if nothing fails, with 1 if something does; warnings do not count.",
            ""
        },
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb doctor", "  ./l4lb doctor --config /etc/l4lb/node.yaml -o json"})
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "The file that node has; its settings are checked.")
    @Nullable Path config;

    @Option(names = "--zookeeper", paramLabel = "HOST:PORT,...", description = "The ensemble, as for node.")
    private @Nullable String zookeeper;

    @Option(
            names = "--dns-listen",
            paramLabel = "ADDR:PORT",
            defaultValue = "127.0.0.1:53",
            description = "Where DNS listens or is to, as for node. Repeatable. Default: ${DEFAULT-VALUE}.")
    private List<String> dnsListen = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of a node of this machine, which knows its addresses. Default: l4lb-data in this"
                    + " folder if it is there, otherwise /var/lib/l4lb.")
    private @Nullable Path data;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            converter = PoolText.Converter.class,
            description = "Where names get their IPv4 addresses, as for allocator; counts if no node has run here yet."
                    + " Default: 11.0.0.0-11.255.255.255.")
    private List<PoolText> pools = List.of();

    @Option(
            names = "--pool6",
            paramLabel = "POOL",
            converter = PoolText.Converter.class,
            description = "The same with IPv6 addresses. Default: fd01:c::-fd01:c::ffff:ffff:ffff:ffff.")
    private List<PoolText> pools6 = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json or yaml. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        Path root = Path.of("/");
        List<Endpoint> listen = endpoints();
        List<Finding> findings = new ArrayList<>(new KernelChecks(root).all());
        listen.forEach(endpoint -> findings.add(NetworkChecks.listen(endpoint)));
        findings.add(NetworkChecks.resolver(root, listen));
        if (zookeeper != null) {
            findings.addAll(NetworkChecks.zooKeeper(zookeeper));
        }
        findings.add(ClockCheck.check());
        findings.addAll(ForeignChecks.all(root, DataFolders.existing(data), ranges()));
        show(findings);
        boolean failed = findings.stream().anyMatch(finding -> finding.result() == Finding.Result.FAILURE);
        return failed ? 1 : 0;
    }

    private List<Endpoint> endpoints() throws CommandFailedException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String text : dnsListen) {
            try {
                endpoints.add(Endpoint.parse(text));
            } catch (IllegalArgumentException e) {
                throw new CommandFailedException("--dns-listen " + text + ": " + e.getMessage(), e);
            }
        }
        return endpoints;
    }

    private List<IpRange> ranges() {
        List<IpRange> ranges = new ArrayList<>();
        pools.forEach(pool -> ranges.add(pool.range()));
        pools6.forEach(pool -> ranges.add(pool.range()));
        for (Pool pool : Pools.DEFAULT.list()) {
            if (ranges.stream().noneMatch(range -> range.family() == pool.family())) {
                ranges.add(pool.range());
            }
        }
        return ranges;
    }

    private void show(List<Finding> findings) {
        ArrayNode json = new ObjectMapper().createArrayNode();
        Table table = new Table("CHECK", "RESULT", "DETAIL");
        for (Finding finding : findings) {
            json.addObject()
                    .put("check", finding.check())
                    .put("result", finding.result().text())
                    .put("detail", finding.detail())
                    .put("fix", finding.fix());
        }
        new Output(spec.commandLine().getOut(), format).show(json, table, rows -> {
            for (Finding finding : findings) {
                String detail = finding.fix().isEmpty() ? finding.detail() : finding.detail() + "; " + finding.fix();
                if (finding.result() == Finding.Result.OK) {
                    rows.row(finding.check(), finding.result().text(), detail);
                } else {
                    rows.bad(finding.check(), finding.result().text(), detail);
                }
            }
        });
    }
}
