package directory.thisdcos.l4lb.source.mesos;

import java.util.Optional;

/**
 * Where masters elect their leader: {@code zk://[USER:PASSWORD@]HOST:PORT[,HOST:PORT…]/PATH}, as Mesos itself takes it.
 * {@code zk+https://} says that the masters speak TLS, which their records do not tell. Its text never shows the
 * password.
 *
 * @param connect servers, {@code HOST:PORT,HOST:PORT}
 * @param path of the group, such as {@code /mesos}
 * @param digest {@code USER:PASSWORD} for the scheme {@code digest}; empty if there is none
 */
public record ZooKeeperUrl(String connect, String path, Optional<String> digest, boolean tls) {
    private static final String PLAIN = "zk://";
    private static final String TLS = "zk+https://";

    /** Whether a text means such a place. */
    public static boolean matches(String text) {
        return text.startsWith(PLAIN) || text.startsWith(TLS);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException with one line that names the fix and shows no password
     */
    public static ZooKeeperUrl parse(String text) {
        boolean tls = text.startsWith(TLS);
        String rest = text.substring(tls ? TLS.length() : PLAIN.length());
        int at = rest.lastIndexOf('@');
        String shown = (tls ? TLS : PLAIN) + rest.substring(at + 1);
        int slash = rest.indexOf('/', at + 1);
        String connect = slash < 0 ? rest.substring(at + 1) : rest.substring(at + 1, slash);
        String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        if (!connect.matches("[^,:\\s]+(:[0-9]{1,5})?(,[^,:\\s]+(:[0-9]{1,5})?)*")
                && !connect.matches("(\\[[0-9a-fA-F:]+](:[0-9]{1,5})?,?)+")) {
            throw new IllegalArgumentException(
                    "'" + shown + "' names no servers; write zk://HOST:PORT,HOST:PORT/mesos");
        }
        if (!path.matches("(/[^/\\s]+)+")) {
            throw new IllegalArgumentException("'" + shown + "' has no path; write zk://HOST:PORT,HOST:PORT/mesos");
        }
        return new ZooKeeperUrl(connect, path, at < 0 ? Optional.empty() : Optional.of(rest.substring(0, at)), tls);
    }

    @Override
    public String toString() {
        return (tls ? TLS : PLAIN) + connect + path;
    }
}
