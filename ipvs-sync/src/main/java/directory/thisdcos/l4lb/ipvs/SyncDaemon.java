package directory.thisdcos.l4lb.ipvs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A thread of the kernel that tells other hosts of this host's connections, or hears of theirs (ip_vs_sync.c), at the
 * kernel's own group and port: 224.0.0.81, UDP 8848.
 *
 * @param network the interface, at most 15 octets
 * @param id 0 to 255: who has another does not listen
 */
public record SyncDaemon(Role role, String network, int id) {
    private static final Pattern TEXT = Pattern.compile("(master|backup):([^:/ ]{1,15})(?::([0-9]{1,3}))?");
    private static final int MAX_ID = 255;

    /** What it does; the number is IP_VS_STATE_* (include/uapi/linux/ip_vs.h). */
    public enum Role {
        MASTER(1),
        BACKUP(2);

        private final int number;

        Role(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** Reads {@code master:eth0} or {@code backup:eth0:7}; the exception says how it is written. */
    public static SyncDaemon parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        int id = matcher.matches() && matcher.group(3) != null ? Integer.parseInt(matcher.group(3)) : 0;
        if (!matcher.matches() || id > MAX_ID) {
            throw new IllegalArgumentException("'" + text
                    + "': write master:INTERFACE[:ID] or backup:INTERFACE[:ID] with an ID of 0 to " + MAX_ID);
        }
        Role role = matcher.group(1).equals("master") ? Role.MASTER : Role.BACKUP;
        return new SyncDaemon(role, matcher.group(2), id);
    }

    @Override
    public String toString() {
        return (role == Role.MASTER ? "master:" : "backup:") + network + ":" + id;
    }
}
