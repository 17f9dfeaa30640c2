package directory.thisdcos.l4lb.netlink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packet filter before nftables, which {@code iptables-legacy} still writes: its tables are read with getsockopt(2)
 * and not over netlink (include/uapi/linux/netfilter_ipv4/ip_tables.h). Layouts are those of 64-bit kernels.
 */
public final class LegacyTables {
    private static final String TABLE = "filter";
    private static final int NAME_BYTES = 32;

    /** IPT_SO_GET_INFO and IPT_SO_GET_ENTRIES; of IPv6 they have the same numbers. */
    private static final int GET_INFO = 64;

    private static final int GET_ENTRIES = 65;

    /** NF_INET_FORWARD. */
    private static final int FORWARD = 2;

    private static final int HOOKS = 5;

    /** struct ipt_getinfo: name, valid_hooks, hook_entry[5], underflow[5], num_entries, size. */
    private static final int INFO_BYTES = NAME_BYTES + Integer.BYTES * (1 + 2 * HOOKS + 2);

    private static final int UNDERFLOWS = NAME_BYTES + Integer.BYTES * (1 + HOOKS);
    private static final int SIZE = INFO_BYTES - Integer.BYTES;

    /** struct ipt_get_entries: name, size, and the entries from the next multiple of 8. */
    private static final int ENTRIES = NAME_BYTES + 2 * Integer.BYTES;

    /** In a standard target, after struct xt_entry_target. */
    private static final int VERDICT = 32;

    /** -NF_DROP - 1 (XT_STANDARD_TARGET). */
    private static final int DROP = -1;

    /** The two families, each with the place of target_offset in an entry. */
    private enum Version {
        V4("iptables-legacy", LibC.AF_INET, 0, 88, "ip_tables_names"),
        V6("ip6tables-legacy", LibC.AF_INET6, 41, 140, "ip6_tables_names");

        final String program;
        final int family;
        final int level;
        final int targetOffset;
        final Path names;

        Version(String program, int family, int level, int targetOffset, String names) {
            this.program = program;
            this.family = family;
            this.level = level;
            this.targetOffset = targetOffset;
            this.names = Path.of("/proc/thread-self/net", names);
        }
    }

    private LegacyTables() {}

    /** Chains FORWARD of this thread's network namespace that drop what no rule accepts, such as "iptables-legacy FORWARD". */
    public static List<String> droppingForward() {
        List<String> dropping = new ArrayList<>();
        for (Version version : Version.values()) {
            if (isInUse(version)
                    && policy(version).filter(verdict -> verdict == DROP).isPresent()) {
                dropping.add(version.program + " FORWARD");
            }
        }
        return dropping;
    }

    /** Asking for a table that is not there would load its module and make it. */
    private static boolean isInUse(Version version) {
        try {
            return Files.readAllLines(version.names, US_ASCII).contains(TABLE);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Integer> policy(Version version) {
        int fd = LibC.calls().socket(version.family, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, LibC.IPPROTO_RAW);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            ByteBuffer info = named(INFO_BYTES);
            if (!get(fd, version.level, GET_INFO, info)) {
                return Optional.empty();
            }
            int size = info.getInt(SIZE);
            int policy = ENTRIES + info.getInt(UNDERFLOWS + FORWARD * Integer.BYTES);
            ByteBuffer entries = named(ENTRIES + size);
            entries.putInt(NAME_BYTES, size);
            // Refused with EAGAIN when somebody changes the table meanwhile: the next audit asks again.
            if (!get(fd, version.level, GET_ENTRIES, entries)
                    || policy + version.targetOffset + 2 > entries.capacity()) {
                return Optional.empty();
            }
            int verdict = policy + (entries.getShort(policy + version.targetOffset) & 0xffff) + VERDICT;
            return verdict + Integer.BYTES <= entries.capacity()
                    ? Optional.of(entries.getInt(verdict))
                    : Optional.empty();
        } finally {
            LibC.calls().close(fd);
        }
    }

    private static ByteBuffer named(int bytes) {
        ByteBuffer buffer = NetlinkChannel.direct(bytes);
        buffer.put(0, TABLE.getBytes(US_ASCII));
        return buffer;
    }

    private static boolean get(int fd, int level, int name, ByteBuffer value) {
        ByteBuffer length = NetlinkChannel.direct(Integer.BYTES).putInt(0, value.capacity());
        return LibC.calls().getsockopt(fd, level, name, value, length) == 0;
    }
}
