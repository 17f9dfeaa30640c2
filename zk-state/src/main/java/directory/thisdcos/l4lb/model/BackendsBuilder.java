package directory.thisdcos.l4lb.model;

import java.util.Arrays;

/**
 * Collects the backends of one service from octets, without an object for each. Of each, first {@link #address}, then the
 * others as they come, then {@link #end}. For one thread; used again after {@link #clear}.
 */
public final class BackendsBuilder {
    private static final int FIRST_ROWS = 4;
    private static final int FIRST_OCTETS = 256;

    private byte[] octets = new byte[FIRST_OCTETS];
    private int[] starts = new int[FIRST_ROWS + 1];
    private String[] texts = new String[BackendRows.TEXTS * FIRST_ROWS];
    private int rows;

    /** Where the next octet goes. */
    private int at;

    public void clear() {
        rows = 0;
        at = 0;
    }

    void add(Backend backend) {
        Ip ip = backend.address().ip();
        address(ip.octets(), 0, ip.family().octets(), backend.address().port());
        backend.container()
                .ifPresent(inner ->
                        container(inner.ip().octets(), 0, inner.ip().family().octets(), inner.port()));
        state(backend.weight(), backend.health());
        texts(backend.node(), backend.zone(), backend.portName(), backend.source());
        task(backend.task());
        end();
    }

    /**
     * @param from holds an address of 4 or 16 octets at {@code place}
     * @throws IllegalArgumentException the port is 0
     */
    public void address(byte[] from, int place, int length, int port) {
        if (port == 0) {
            throw new IllegalArgumentException("backend " + Ip.of(from, place, length) + " has no port");
        }
        starts[rows] = at;
        ensure(1);
        octets[at++] = (byte) (length == Family.V4.octets() ? 0 : BackendRows.IS_V6);
        endpoint(from, place, length, port);
    }

    public void container(byte[] from, int place, int length, int port) {
        flag(BackendRows.HAS_CONTAINER | (length == Family.V4.octets() ? 0 : BackendRows.IS_CONTAINER_V6));
        endpoint(from, place, length, port);
    }

    /** @param weight 0 to 65535 */
    public void state(int weight, Health health) {
        ensure(3);
        put16(weight);
        octets[at++] = (byte) BackendRows.HEALTH.indexOf(health);
    }

    public void texts(String node, String zone, String portName, String source) {
        int row = BackendRows.TEXTS * rows;
        texts[row] = node;
        texts[row + 1] = zone;
        texts[row + 2] = portName;
        texts[row + 3] = source;
    }

    /** @param isWide whether the text has two octets a character, big-endian, and not one as in Latin-1 */
    public void task(byte[] from, int place, int length, boolean isWide) {
        if (isWide) {
            flag(BackendRows.IS_WIDE);
        }
        ensure(length);
        System.arraycopy(from, place, octets, at, length);
        at += length;
    }

    private void task(String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            all |= text.charAt(i);
        }
        boolean isWide = all > 0xff;
        if (isWide) {
            flag(BackendRows.IS_WIDE);
        }
        ensure(2 * text.length());
        for (int i = 0; i < text.length(); i++) {
            if (isWide) {
                octets[at++] = (byte) (text.charAt(i) >>> 8);
            }
            octets[at++] = (byte) text.charAt(i);
        }
    }

    public void end() {
        rows++;
        if (rows == starts.length - 1) {
            starts = Arrays.copyOf(starts, 2 * rows + 1);
            texts = Arrays.copyOf(texts, 2 * texts.length);
        }
    }

    BackendRows build() {
        starts[rows] = at;
        return new BackendRows(
                Arrays.copyOf(octets, at),
                Arrays.copyOf(starts, rows + 1),
                Arrays.copyOf(texts, BackendRows.TEXTS * rows));
    }

    private void flag(int flag) {
        octets[starts[rows]] |= (byte) flag;
    }

    private void endpoint(byte[] from, int place, int length, int port) {
        ensure(2 + length);
        put16(port);
        System.arraycopy(from, place, octets, at, length);
        at += length;
    }

    private void put16(int value) {
        octets[at++] = (byte) (value >>> 8);
        octets[at++] = (byte) value;
    }

    private void ensure(int more) {
        if (octets.length - at < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, Math.addExact(at, more)));
        }
    }
}
