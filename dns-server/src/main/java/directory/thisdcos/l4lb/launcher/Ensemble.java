package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.store.ZooKeeperAccess;
import java.time.Duration;
import java.util.Optional;

/** Which ZooKeeper holds the table; {@code root} is the znode below which it lives. */
sealed interface Ensemble {
    String root();

    /** One in this process, kept in the data folder. */
    record Embedded(Endpoint listen, String root) implements Ensemble {}

    /** Servers that somebody else runs, {@code HOST:PORT,…}, with a chroot after them if there is one. */
    record Existing(String connect, String root, Optional<Duration> session, ZooKeeperAccess access)
            implements Ensemble {}

    static Ensemble existing(String connect, CommonOptions common) throws WrongUsageException {
        String servers = connect.replaceFirst("/.*", "");
        for (String server : servers.split(",", -1)) {
            if (!server.matches("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[0-9]{1,5}")) {
                throw new WrongUsageException(
                        "--zookeeper: '" + server + "' is not HOST:PORT; write HOST:PORT,HOST:PORT");
            }
        }
        return new Existing(
                connect,
                common.zookeeperRoot,
                Optional.ofNullable(common.zookeeperSession),
                common.zookeeperAccess.access());
    }

    static Ensemble of(EnsembleOptions options, CommonOptions common) throws WrongUsageException {
        if (options.zookeeper != null) {
            return existing(options.zookeeper, common);
        }
        if (!common.zookeeperAccess.access().equals(ZooKeeperAccess.OPEN)) {
            throw new WrongUsageException(
                    "the embedded ZooKeeper is for this machine alone; --zookeeper-… options for its security need"
                            + " --zookeeper HOST:PORT");
        }
        return new Embedded(options.embeddedListen, common.zookeeperRoot);
    }
}
