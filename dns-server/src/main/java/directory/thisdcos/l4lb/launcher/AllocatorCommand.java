package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.DataFolders;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "allocator",
        description = {
            "Reads the sources and keeps the table; several replicas elect one that writes.",
            "%nExample: l4lb allocator --zookeeper zk1:2181,zk2:2181,zk3:2181 --apps /etc/l4lb/apps%n"
        },
        sortOptions = false)
final class AllocatorCommand implements Callable<Integer> {
    @Mixin
    private final AllocatorOptions allocator = new AllocatorOptions();

    @Mixin
    private final EnsembleOptions ensemble = new EnsembleOptions();

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
                        Ensemble.of(ensemble, common),
                        common.acceptCluster,
                        Optional.of(AllocatorRole.of(allocator)),
                        Optional.empty()));
    }
}
