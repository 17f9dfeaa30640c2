package directory.thisdcos.l4lb.store;

import java.time.Duration;

/**
 * How the table in ZooKeeper is reached. Made by {@link #of} and the {@code with} methods.
 *
 * @param connect {@code host:port,host:port}; with a chroot after it if there is one
 * @param root the table's own path below the chroot; both are created when missing
 * @param sessionTimeout after which a lost client's leadership passes on; nodes may take 30 s, allocators take 10 s
 * @param requestTimeout limit for one request to ZooKeeper
 * @param pollInterval between two looks at the head without a reason, jittered by a quarter: a lost watch is mended
 * @param reloadJitter longest pause before a node that already serves a large table loads it anew, so that many do not
 *     do it at once; a small table is loaded sooner
 * @param slots size of the journal's ring, used only when the table is created; a follower that fell further behind
 *     loads the snapshot
 * @param acceptCluster the operator's word that another or an older table may replace the one that a node serves
 * @param access how a protected ensemble is reached
 */
public record ZooKeeperSettings(
        String connect,
        String root,
        Duration sessionTimeout,
        Duration requestTimeout,
        Duration pollInterval,
        Duration reloadJitter,
        int slots,
        boolean acceptCluster,
        ZooKeeperAccess access) {

    public static final String DEFAULT_ROOT = "/l4lb";

    private static final int MIN_SLOTS = 4;

    /** Slot names have four digits. */
    private static final int MAX_SLOTS = 10_000;

    public ZooKeeperSettings {
        if (connect.isBlank() || connect.startsWith("/")) {
            throw new IllegalArgumentException("the ZooKeeper connect string is empty; write HOST:PORT,HOST:PORT");
        }
        if (!root.matches("(/[A-Za-z0-9_.-]+)+") || root.matches(".*/\\.{1,2}(/.*)?")) {
            throw new IllegalArgumentException("'" + root + "' is no path for the table; write one such as /l4lb");
        }
        if (slots < MIN_SLOTS || slots > MAX_SLOTS) {
            throw new IllegalArgumentException(slots + " slots; a ring has " + MIN_SLOTS + " to " + MAX_SLOTS);
        }
        if (sessionTimeout.toMillis() < 1 || requestTimeout.toMillis() < 1 || pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException("a time-out of ZooKeeper is not positive");
        }
    }

    /** The servers, without the chroot. */
    String servers() {
        int chroot = connect.indexOf('/');
        return chroot < 0 ? connect : connect.substring(0, chroot);
    }

    /**
     * The table's path from the very top. The chroot is not left to ZooKeeper's client, with which one that does not exist
     * looks like an empty ensemble.
     */
    String path() {
        int chroot = connect.indexOf('/');
        return chroot < 0 ? root : connect.substring(chroot).replaceFirst("/+$", "") + root;
    }

    /** The defaults, for one ensemble. */
    public static ZooKeeperSettings of(String connect) {
        return new ZooKeeperSettings(
                connect,
                DEFAULT_ROOT,
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1024,
                false,
                ZooKeeperAccess.OPEN);
    }

    public ZooKeeperSettings withRoot(String newRoot) {
        return new ZooKeeperSettings(
                connect,
                newRoot,
                sessionTimeout,
                requestTimeout,
                pollInterval,
                reloadJitter,
                slots,
                acceptCluster,
                access);
    }

    public ZooKeeperSettings withTimeouts(Duration session, Duration request) {
        return new ZooKeeperSettings(
                connect, root, session, request, pollInterval, reloadJitter, slots, acceptCluster, access);
    }

    public ZooKeeperSettings withPollInterval(Duration interval) {
        return new ZooKeeperSettings(
                connect, root, sessionTimeout, requestTimeout, interval, reloadJitter, slots, acceptCluster, access);
    }

    public ZooKeeperSettings withReloadJitter(Duration jitter) {
        return new ZooKeeperSettings(
                connect, root, sessionTimeout, requestTimeout, pollInterval, jitter, slots, acceptCluster, access);
    }

    public ZooKeeperSettings withSlots(int newSlots) {
        return new ZooKeeperSettings(
                connect,
                root,
                sessionTimeout,
                requestTimeout,
                pollInterval,
                reloadJitter,
                newSlots,
                acceptCluster,
                access);
    }

    public ZooKeeperSettings withAcceptCluster(boolean accept) {
        return new ZooKeeperSettings(
                connect, root, sessionTimeout, requestTimeout, pollInterval, reloadJitter, slots, accept, access);
    }

    public ZooKeeperSettings withAccess(ZooKeeperAccess newAccess) {
        return new ZooKeeperSettings(
                connect,
                root,
                sessionTimeout,
                requestTimeout,
                pollInterval,
                reloadJitter,
                slots,
                acceptCluster,
                newAccess);
    }
}
