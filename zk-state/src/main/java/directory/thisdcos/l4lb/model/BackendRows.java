package directory.thisdcos.l4lb.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Backends in octets: a table has a million of them, and as objects they take three times the memory, which the collector
 * copies again and again while a table is read. Each is made anew when somebody looks at it. Immutable.
 *
 * <p>A row is: flags (1), health (1), weight (2), port (2), address (4 or 16), then, if it has one, the port (2) and the
 * address (4 or 16) of its container, then the task in Latin-1 or, if that does not hold it, in UTF-16. Numbers are
 * big-endian.
 */
final class BackendRows {
    static final BackendRows NONE = new BackendRows(new byte[0], new int[] {0}, new String[0]);

    private static final int IS_V6 = 1;
    private static final int HAS_CONTAINER = 2;
    private static final int IS_CONTAINER_V6 = 4;
    private static final int IS_WIDE = 8;

    private static final int TEXTS = 4;
    private static final int HEAD = 6;
    private static final List<Health> HEALTH = List.of(Health.values());

    private final byte[] octets;

    /** Where each row begins, and where the last one ends. */
    private final int[] starts;

    /** Four of each row, which other rows and services hold too: node, zone, name of the port, source. */
    private final String[] texts;

    private BackendRows(byte[] octets, int[] starts, String[] texts) {
        this.octets = octets;
        this.starts = starts;
        this.texts = texts;
    }

    static BackendRows of(Backend[] backends) {
        int[] starts = new int[backends.length + 1];
        String[] texts = new String[TEXTS * backends.length];
        int size = 0;
        for (int i = 0; i < backends.length; i++) {
            Backend backend = backends[i];
            texts[TEXTS * i] = backend.node();
            texts[TEXTS * i + 1] = backend.zone();
            texts[TEXTS * i + 2] = backend.portName();
            texts[TEXTS * i + 3] = backend.source();
            starts[i] = size;
            size = Math.addExact(size, size(backend));
        }
        starts[backends.length] = size;
        byte[] octets = new byte[size];
        for (int i = 0; i < backends.length; i++) {
            write(backends[i], octets, starts[i]);
        }
        return new BackendRows(octets, starts, texts);
    }

    private static int size(Backend backend) {
        int container = backend.container().isEmpty()
                ? 0
                : 2 + backend.container().get().ip().family().octets();
        int task = backend.task().length() * (isWide(backend.task()) ? 2 : 1);
        return HEAD + backend.address().ip().family().octets() + container + task;
    }

    private static boolean isWide(String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            all |= text.charAt(i);
        }
        return all > 0xff;
    }

    private static void write(Backend backend, byte[] octets, int start) {
        boolean isWide = isWide(backend.task());
        Endpoint container = backend.container().orElse(null);
        int flags = (backend.address().ip().isV4() ? 0 : IS_V6) | (isWide ? IS_WIDE : 0);
        if (container != null) {
            flags |= HAS_CONTAINER | (container.ip().isV4() ? 0 : IS_CONTAINER_V6);
        }
        octets[start] = (byte) flags;
        octets[start + 1] = (byte) HEALTH.indexOf(backend.health());
        put16(octets, start + 2, backend.weight());
        int at = put(octets, start + 4, backend.address());
        if (container != null) {
            at = put(octets, at, container);
        }
        String task = backend.task();
        for (int i = 0; i < task.length(); i++) {
            char c = task.charAt(i);
            if (isWide) {
                put16(octets, at, c);
                at += 2;
            } else {
                octets[at++] = (byte) c;
            }
        }
    }

    private static void put16(byte[] octets, int at, int value) {
        octets[at] = (byte) (value >>> 8);
        octets[at + 1] = (byte) value;
    }

    private static int put(byte[] octets, int at, Endpoint endpoint) {
        put16(octets, at, endpoint.port());
        byte[] address = endpoint.ip().octets();
        System.arraycopy(address, 0, octets, at + 2, address.length);
        return at + 2 + address.length;
    }

    int size() {
        return starts.length - 1;
    }

    Backend get(int row) {
        int start = starts[row];
        int flags = octets[start];
        Endpoint address = endpoint(start + 4, flags & IS_V6);
        int at = start + 6 + octets((flags & IS_V6));
        Optional<Endpoint> container = Optional.empty();
        if ((flags & HAS_CONTAINER) != 0) {
            container = Optional.of(endpoint(at, flags & IS_CONTAINER_V6));
            at += 2 + octets((flags & IS_CONTAINER_V6));
        }
        String task = (flags & IS_WIDE) == 0
                ? new String(octets, at, starts[row + 1] - at, StandardCharsets.ISO_8859_1)
                : wide(at, starts[row + 1]);
        return new Backend(
                address,
                container,
                get16(start + 2),
                HEALTH.get(octets[start + 1]),
                texts[TEXTS * row],
                texts[TEXTS * row + 1],
                texts[TEXTS * row + 2],
                task,
                texts[TEXTS * row + 3]);
    }

    Endpoint address(int row) {
        return endpoint(starts[row] + 4, octets[starts[row]] & IS_V6);
    }

    private Endpoint endpoint(int at, int v6) {
        return new Endpoint(Ip.of(octets, at + 2, octets(v6)), get16(at));
    }

    private static int octets(int v6) {
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
