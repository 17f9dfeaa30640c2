package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;

/** Which ZooKeeper holds the table; {@code root} is the znode below which it lives. */
sealed interface Ensemble {
    String root();

    /** One in this process, kept in the data folder. */
    record Embedded(Endpoint listen, String root) implements Ensemble {}

    /** Servers that somebody else runs, {@code HOST:PORT,…}. */
    record Existing(String connect, String root) implements Ensemble {}

    static Ensemble existing(String connect, String root) throws WrongUsageException {
        String servers = connect.replaceFirst("/.*", "");
        for (String server : servers.split(",", -1)) {
            if (!server.matches("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[0-9]{1,5}")) {
                throw new WrongUsageException(
                        "--zookeeper: '" + server + "' is not HOST:PORT; write HOST:PORT,HOST:PORT");
            }
        }
        return new Existing(connect, root);
    }

    static Ensemble of(EnsembleOptions options, String root) throws WrongUsageException {
        return options.zookeeper == null
                ? new Embedded(options.embeddedListen, root)
                : existing(options.zookeeper, root);
    }
}
