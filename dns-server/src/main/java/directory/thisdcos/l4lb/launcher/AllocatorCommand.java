package directory.thisdcos.l4lb.launcher;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "allocator",
        description = "Reads the sources and keeps the table; several replicas elect one that writes.%n",
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%n",
        footer = {
            "Each option may also stand in the environment (--admin-listen: L4LB_ADMIN_LISTEN; a list with",
            "commas) or in the file of --config (admin-listen: ADDR:PORT). The command line wins, then the",
            "environment.",
            "",
            "Example: l4lb allocator --zookeeper zk1:2181,zk2:2181,zk3:2181 --apps /etc/l4lb/apps"
        })
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
                        common.data == null ? Settings.INSTALLED_DATA : common.data,
                        common.adminListen,
                        Ensemble.of(ensemble, common.zookeeperRoot),
                        common.acceptCluster,
                        Optional.of(AllocatorRole.of(allocator)),
                        Optional.empty()));
    }
}
