package directory.thisdcos.l4lb.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A name that we hold: lower-cased, uncompressed wire form with its root label, and its hash. Immutable. */
public final class Name implements Comparable<Name> {
    public static final Name ROOT = new Name(new byte[] {0});

    private final byte[] wire;
    private final int hash;

    private Name(byte[] wire) {
        this.wire = wire;
        this.hash = Octets.hash(wire);
    }

    /** From text such as {@code my-service.marathon.l4lb.thisdcos.directory}, with or without the final dot. */
    public static Name of(String text) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (trimmed.isEmpty()) {
            return ROOT;
        }
        byte[] wire = new byte[trimmed.length() + 2];
        int at = 0;
        for (int from = 0; from <= trimmed.length(); ) {
            int dot = trimmed.indexOf('.', from);
            String label = trimmed.substring(from, dot < 0 ? trimmed.length() : dot);
            from += label.length() + 1;
            byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
            if (octets.length == 0 || octets.length > Wire.MAX_LABEL || at + octets.length + 2 > Wire.MAX_NAME) {
                throw new IllegalArgumentException("not a domain name: '" + text + "'");
            }
            wire[at++] = (byte) octets.length;
            for (byte octet : octets) {
                wire[at++] = Octets.lowerCase(octet);
            }
        }
        return new Name(wire);
    }

    /** From trusted, uncompressed wire form at {@code from}; what follows the root label is ignored. */
    public static Name ofWire(byte[] bytes, int from) {
        NameView view = new NameView();
        if (view.read(bytes, from, bytes.length) < 0) {
            throw new IllegalArgumentException("not a domain name in wire form");
        }
        return view.toName();
    }

    static Name ofLower(byte[] lower, int from, int to) {
        return new Name(Arrays.copyOfRange(lower, from, to));
    }

    /** The name with labels before it, in the order given; they hold no dots. */
    public Name child(String... labels) {
        int length = wire.length;
        for (String label : labels) {
            length += 1 + label.length();
            if (label.isEmpty() || label.length() > Wire.MAX_LABEL || length > Wire.MAX_NAME) {
                throw new IllegalArgumentException(
                        "not a domain name: '" + String.join(".", labels) + "." + this + "'");
            }
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (String label : labels) {
            byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
            bytes[at++] = (byte) octets.length;
            for (byte octet : octets) {
                bytes[at++] = Octets.lowerCase(octet);
            }
        }
        System.arraycopy(wire, 0, bytes, at, wire.length);
        return new Name(bytes);
    }

    /** The name without its first label; the root's parent is the root. */
    public Name parent() {
        return isRoot() ? this : new Name(Arrays.copyOfRange(wire, 1 + wire[0], wire.length));
    }

    public boolean isRoot() {
        return wire.length == 1;
    }

    /** Whether this name is {@code ancestor} or below it. */
    public boolean isWithin(Name ancestor) {
        int from = wire.length - ancestor.wire.length;
        int label = 0;
        while (label < from) {
            label += 1 + wire[label];
        }
        return label == from && Arrays.equals(wire, from, wire.length, ancestor.wire, 0, ancestor.wire.length);
    }

    /** Number of labels, without the root. */
    public int labels() {
        int count = 0;
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            count++;
        }
        return count;
    }

    public int length() {
        return wire.length;
    }

    /** The wire form; not to be changed. */
    public byte[] wire() {
        return wire;
    }

    /** By wire form: a total order, but not the canonical one of RFC 4034. */
    @Override
    public int compareTo(Name other) {
        return Arrays.compare(wire, other.wire);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name that && Arrays.equals(wire, that.wire);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** RFC 1035 §5.1 text without the final dot; octets that are no plain character as {@code \DDD}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            text.append(text.isEmpty() ? "" : ".");
            for (int i = at + 1; i <= at + wire[at]; i++) {
                int octet = wire[i] & 0xff;
                if (octet <= ' ' || octet >= 127) {
                    text.append('\\').append((char) ('0' + octet / 100));
                    text.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
                } else {
                    text.append(octet == '.' || octet == '\\' ? "\\" : "").append((char) octet);
                }
            }
        }
        return text.isEmpty() ? "." : text.toString();
    }
}
