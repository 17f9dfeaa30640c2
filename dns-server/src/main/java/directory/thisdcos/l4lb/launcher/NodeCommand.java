package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "node",
        description = {
            "Follows the table and serves it on this machine: DNS server and IPVS sync.",
            "%nExample: l4lb node --zookeeper zk1:2181,zk2:2181,zk3:2181 --dns-listen 127.0.0.1:53%n"
        },
        sortOptions = false)
final class NodeCommand implements Callable<Integer> {
    @Option(
            names = "--zookeeper",
            paramLabel = "HOST:PORT,...",
            required = true,
            description = "The ZooKeeper ensemble that holds the table.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String zookeeper;

    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        return Program.run(
                common,
                new Settings(
                        common.data == null ? DataFolders.INSTALLED : common.data,
                        common.admin.access(common.adminListen),
                        common.admin.zooKeepers(),
                        Ensemble.existing(zookeeper, common),
                        common.acceptCluster,
                        Optional.empty(),
                        Optional.of(NodeRole.of(node))));
    }
}
