package directory.thisdcos.l4lb.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Backends in octets: a table has a million of them, and as objects they take three times the memory, which the collector
 * copies again and again while a table is read. Each is made anew when somebody looks at it. Immutable.
 *
 * <p>A row is: flags (1), port (2), address (4 or 16), then, if it has one, the port (2) and the address (4 or 16) of its
 * container, weight (2), health (1), and the task in Latin-1 or, if that does not hold it, in UTF-16. Numbers are
 * big-endian. {@link BackendsBuilder} writes them.
 */
final class BackendRows {
    static final int IS_V6 = 1;
    static final int HAS_CONTAINER = 2;
    static final int IS_CONTAINER_V6 = 4;
    static final int IS_WIDE = 8;

    /** Of each row: node, zone, name of the port, source; other rows and services hold them too. */
    static final int TEXTS = 4;

    static final List<Health> HEALTH = List.of(Health.values());

    private final byte[] octets;

    /** Where each row begins, and where the last one ends. */
    private final int[] starts;

    private final String[] texts;

    BackendRows(byte[] octets, int[] starts, String[] texts) {
        this.octets = octets;
        this.starts = starts;
        this.texts = texts;
    }

    static BackendRows of(Iterable<Backend> backends) {
        BackendsBuilder builder = new BackendsBuilder();
        backends.forEach(builder::add);
        return builder.build();
    }

    int size() {
        return starts.length - 1;
    }

    /** Whether each row's address is greater than the one before. */
    boolean isStrictlySorted() {
        for (int i = 1; i < size(); i++) {
            if (compare(i - 1, i) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** As {@link Endpoint#compareTo} does. */
    private int compare(int left, int right) {
        int length = addressOctets(left);
        if (length != addressOctets(right)) {
            return length - addressOctets(right);
        }
        int a = starts[left] + 3;
        int b = starts[right] + 3;
        int byAddress = Arrays.compareUnsigned(octets, a, a + length, octets, b, b + length);
        return byAddress != 0 ? byAddress : get16(a - 2) - get16(b - 2);
    }

    private int addressOctets(int row) {
        return length(octets[starts[row]] & IS_V6);
    }

    Endpoint address(int row) {
        return endpoint(starts[row] + 1, addressOctets(row));
    }

    Backend get(int row) {
        int flags = octets[starts[row]];
        Endpoint address = address(row);
        int at = afterAddress(row);
        Optional<Endpoint> container = Optional.empty();
        if ((flags & HAS_CONTAINER) != 0) {
            container = Optional.of(endpoint(at, length(flags & IS_CONTAINER_V6)));
            at += 2 + length(flags & IS_CONTAINER_V6);
        }
        String task = (flags & IS_WIDE) == 0
                ? new String(octets, at + 3, starts[row + 1] - at - 3, StandardCharsets.ISO_8859_1)
                : wide(at + 3, starts[row + 1]);
        return new Backend(
                address,
                container,
                get16(at),
                HEALTH.get(octets[at + 2]),
                texts[TEXTS * row],
                texts[TEXTS * row + 1],
                texts[TEXTS * row + 2],
                task,
                texts[TEXTS * row + 3]);
    }

    /** Adds all that a backend is. Tables of earlier releases have no zones: where there is none, nothing is added. */
    void addTo(Digest digest, int row) {
        int flags = octets[starts[row]];
        int address = starts[row] + 1;
        int container = afterAddress(row);
        int at = container;
        if ((flags & HAS_CONTAINER) != 0) {
            at += 2 + length(flags & IS_CONTAINER_V6);
        }
        addEndpoint(digest, address, flags & IS_V6);
        digest.add(get16(at))
                .add(HEALTH.get(octets[at + 2]).text())
                .add(texts[TEXTS * row])
                .add(texts[TEXTS * row + 2]);
        if ((flags & IS_WIDE) == 0) {
            digest.addLatin1(octets, at + 3, starts[row + 1]);
        } else {
            digest.add(wide(at + 3, starts[row + 1]));
        }
        digest.add(texts[TEXTS * row + 3]);
        if ((flags & HAS_CONTAINER) != 0) {
            addEndpoint(digest, container, flags & IS_CONTAINER_V6);
        }
        if (!texts[TEXTS * row + 1].isEmpty()) {
            digest.add(texts[TEXTS * row + 1]);
        }
    }

    private void addEndpoint(Digest digest, int at, int v6) {
        int length = length(v6);
        digest.add(length);
        if (v6 == 0) {
            digest.add(0).add(Ip.bigEndian(octets, at + 2, length));
        } else {
            digest.add(Ip.bigEndian(octets, at + 2, 8)).add(Ip.bigEndian(octets, at + 10, 8));
        }
        digest.add(get16(at));
    }

    private int afterAddress(int row) {
        return starts[row] + 3 + addressOctets(row);
    }

    private Endpoint endpoint(int at, int length) {
        return new Endpoint(Ip.of(octets, at + 2, length), get16(at));
    }

    private static int length(int v6) {
        return v6 == 0 ? Family.V4.octets() : Family.V6.octets();
    }

    /** Not by a charset: it would replace a lone surrogate, which a source's JSON may hold. */
    private String wide(int from, int to) {
        char[] units = new char[(to - from) / 2];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) get16(from + 2 * i);
        }
        return new String(units);
    }

    private int get16(int at) {
        return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }

    boolean isSame(BackendRows other) {
        return Arrays.equals(octets, other.octets)
                && Arrays.equals(starts, other.starts)
                && Arrays.equals(texts, other.texts);
    }
}
