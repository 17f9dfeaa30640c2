package directory.thisdcos.l4lb.dns.zone;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The data of types that the references read and dnsjava knows by number only. Throws NumberFormatException and the like. */
final class RareTypes {
    private static final int CSYNC = 62;
    private static final int ZONEMD = 63;
    private static final int NID = 104;
    private static final int L32 = 105;
    private static final int L64 = 106;
    private static final int LP = 107;
    private static final int EUI48 = 108;
    private static final int EUI64 = 109;

    private static final Map<String, Integer> NUMBERS = Map.of(
            "CSYNC", CSYNC, "ZONEMD", ZONEMD, "NID", NID, "L32", L32, "L64", L64, "LP", LP, "EUI48", EUI48, "EUI64",
            EUI64);

    private final MasterEntry.Fields fields;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private RareTypes(String data) {
        this.fields = new MasterEntry.Fields(data);
    }

    /** The number of one of these types, or -1. */
    static int number(String mnemonic) {
        return NUMBERS.getOrDefault(mnemonic.toUpperCase(Locale.ROOT), -1);
    }

    /** Whether {@link #parse} is for it: one of these types, in the form of its own. */
    static boolean has(int type, String data) {
        return NUMBERS.containsValue(type) && !data.startsWith("\\#");
    }

    /** The record data in wire form. */
    static byte[] parse(int type, String data, Name origin) throws TextParseException {
        RareTypes reader = new RareTypes(data);
        switch (type) {
            case CSYNC -> reader.csync();
            case ZONEMD -> reader.zonemd();
            case NID, L64 -> reader.preference().groups(4);
            case L32 -> reader.preference().quad();
            case LP ->
                reader.preference()
                        .out
                        .writeBytes(
                                Name.fromString(reader.fields.next(), origin).toWire());
            case EUI48 -> reader.octets(6);
            case EUI64 -> reader.octets(8);
            default -> throw new IllegalArgumentException("type " + type);
        }
        if (!reader.fields.isEmpty()) {
            throw new IllegalArgumentException("'" + reader.fields.rest() + "' is too much");
        }
        return reader.out.toByteArray();
    }

    private RareTypes preference() {
        number(2);
        return this;
    }

    /** A decimal number of so many octets. */
    private void number(int octets) {
        long value = Long.parseLong(fields.next());
        if (value < 0 || value >>> (8 * octets) != 0) {
            throw new IllegalArgumentException(value + " does not fit " + octets + " octets");
        }
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    /** RFC 6742 §2: groups of four hexadecimal digits. */
    private void groups(int count) {
        String[] groups = fields.next().split(":", -1);
        check(groups.length == count);
        for (String group : groups) {
            check(!group.isEmpty() && group.length() <= 4);
            int value = HexFormat.fromHexDigits(group);
            out.write(value >>> 8);
            out.write(value);
        }
    }

    /** An IPv4 locator, written like an address. */
    private void quad() {
        String[] parts = fields.next().split("\\.", -1);
        check(parts.length == 4);
        for (String part : parts) {
            int value = Integer.parseInt(part);
            check(value >= 0 && value <= 255);
            out.write(value);
        }
    }

    /** RFC 7043: pairs of hexadecimal digits with hyphens. */
    private void octets(int count) {
        byte[] octets = HexFormat.ofDelimiter("-").parseHex(fields.next());
        check(octets.length == count);
        out.writeBytes(octets);
    }

    /** RFC 7477 §2.1.1: serial, flags, and the types that are to be taken over. */
    private void csync() {
        number(4);
        number(2);
        TreeMap<Integer, TreeSet<Integer>> windows = new TreeMap<>();
        while (!fields.isEmpty()) {
            String mnemonic = fields.next();
            int type = Math.max(Type.value(mnemonic), number(mnemonic));
            if (type < 0) {
                throw new IllegalArgumentException("'" + mnemonic + "' is no type");
            }
            windows.computeIfAbsent(type >>> 8, window -> new TreeSet<>()).add(type & 0xff);
        }
        windows.forEach((window, types) -> {
            byte[] bits = new byte[types.last() / 8 + 1];
            types.forEach(type -> bits[type / 8] |= (byte) (0x80 >>> type % 8));
            out.write(window);
            out.write(bits.length);
            out.writeBytes(bits);
        });
    }

    /** RFC 8976 §2.2: serial, scheme, algorithm, and the digest, which may stand in parts. */
    private void zonemd() {
        number(4);
        number(1);
        number(1);
        StringBuilder digest = new StringBuilder();
        while (!fields.isEmpty()) {
            digest.append(fields.next());
        }
        check(digest.length() >= 24);
        out.writeBytes(HexFormat.of().parseHex(digest));
    }

    private static void check(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("malformed");
        }
    }
}
