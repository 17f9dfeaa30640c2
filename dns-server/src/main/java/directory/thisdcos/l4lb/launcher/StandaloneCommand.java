package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "standalone",
        description = {
            "Runs everything in one process: ZooKeeper, allocator, DNS server and IPVS sync.",
            "%nExample: l4lb standalone --apps /etc/l4lb/apps --upstream 192.0.2.53:53%n"
        },
        sortOptions = false)
final class StandaloneCommand implements Callable<Integer> {
    @Mixin
    private final AllocatorOptions allocator = new AllocatorOptions();

    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Mixin
    private final EnsembleOptions ensemble = new EnsembleOptions();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        return Program.run(
                common,
                new Settings(
                        common.data == null ? DataFolders.STANDALONE : common.data,
                        common.admin.access(common.adminListen),
                        common.admin.zooKeepers(),
                        Ensemble.of(ensemble, common),
                        common.acceptCluster,
                        Optional.of(AllocatorRole.of(allocator)),
                        Optional.of(NodeRole.of(node))));
    }
}
