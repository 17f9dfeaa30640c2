package directory.thisdcos.l4lb.conformance.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Packets that put each field of a query to each value that is odd: header, counts, question, records, EDNS, length. */
final class WireMatrix {
    private static final int A = 1;
    private static final int IN = 1;
    private static final int OPT = 41;
    private static final String NAME = "www.plain.test";
    /** A record that does no harm: of the root, type 65280, class IN, TTL 0, no data. */
    private static final byte[] EXTRA = {0, (byte) 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0};

    private final Map<String, byte[]> packets = new LinkedHashMap<>();

    private WireMatrix() {}

    /** Packets by what is odd about them; the id is left to the caller. */
    static Map<String, byte[]> all() {
        WireMatrix matrix = new WireMatrix();
        matrix.header();
        matrix.counts();
        matrix.names();
        matrix.typesAndClasses();
        matrix.edns();
        matrix.options();
        matrix.lengths();
        return matrix.packets;
    }

    private void header() {
        for (int bit = 0; bit < 15; bit++) {
            add("flag " + bit, packet(1 << bit, 1, 0, 0, 0, question(NAME, A, IN)));
            add("flag " + bit + " with EDNS", packet(1 << bit, 1, 0, 0, 1, question(NAME, A, IN), opt(1232, 0, 0)));
        }
        for (int opcode = 0; opcode < 16; opcode++) {
            add("opcode " + opcode, packet(opcode << 11, 1, 0, 0, 0, question("plain.test", 6, IN)));
            add("opcode " + opcode + " bare", packet(opcode << 11, 0, 0, 0, 0));
            add("opcode " + opcode + " with all flags", packet(opcode << 11 | 0x07f0, 0, 0, 0, 0));
            add(
                    "opcode " + opcode + " with EDNS",
                    packet(opcode << 11, 1, 0, 0, 1, question(NAME, A, IN), opt(1232, 0, 0)));
        }
        for (int rcode = 0; rcode < 16; rcode++) {
            add("rcode " + rcode, packet(rcode, 1, 0, 0, 0, question(NAME, A, IN)));
        }
    }

    private void counts() {
        byte[] question = question(NAME, A, IN);
        for (int count : new int[] {0, 2, 3, 255, 65_535}) {
            add("QDCOUNT " + count, packet(0, count, 0, 0, 0, question));
            add("QDCOUNT " + count + " with EDNS", packet(0, count, 0, 0, 1, question, opt(1232, 0, 0)));
        }
        add("two questions", packet(0, 2, 0, 0, 0, question, question("plain.test", 6, IN)));
        add("two equal questions", packet(0, 2, 0, 0, 0, question, question));
        add("no question but OPT", packet(0, 0, 0, 0, 1, opt(1232, 0, 0)));
        add("no question but a cookie", packet(0, 0, 0, 0, 1, opt(1232, 0, 0, 10, 8)));
        for (int count : new int[] {1, 2, 65_535}) {
            add("ANCOUNT " + count + " of nothing", packet(0, 1, count, 0, 0, question));
            add("NSCOUNT " + count + " of nothing", packet(0, 1, 0, count, 0, question));
            add("ARCOUNT " + count + " of nothing", packet(0, 1, 0, 0, count, question));
        }
        add("a record in answer", packet(0, 1, 1, 0, 0, question, EXTRA));
        add("a record in authority", packet(0, 1, 0, 1, 0, question, EXTRA));
        add("a record in additional", packet(0, 1, 0, 0, 1, question, EXTRA));
        add("a record in each", packet(0, 1, 1, 1, 1, question, EXTRA, EXTRA, EXTRA));
        add("a record and then OPT", packet(0, 1, 0, 0, 2, question, EXTRA, opt(1232, 0, 0)));
        add("OPT and then a record", packet(0, 1, 0, 0, 2, question, opt(1232, 0, 0), EXTRA));
        add("two OPTs", packet(0, 1, 0, 0, 2, question, opt(1232, 0, 0), opt(1232, 0, 0)));
        add("OPT in answer", packet(0, 1, 1, 0, 0, question, opt(1232, 0, 0)));
        add("OPT in authority", packet(0, 1, 0, 1, 0, question, opt(1232, 0, 0)));
        for (int trailing : new int[] {1, 2, 11, 12, 400}) {
            add(trailing + " octets after the end", packet(0, 1, 0, 0, 0, question, new byte[trailing]));
            add(trailing + " octets after OPT", packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0), new byte[trailing]));
        }
    }

    private void names() {
        byte[] end = {0, A, 0, IN};
        add("a pointer to itself", packet(0, 1, 0, 0, 0, new byte[] {(byte) 0xc0, 12}, end));
        add("a pointer into the header", packet(0, 1, 0, 0, 0, new byte[] {(byte) 0xc0, 4}, end));
        add("a pointer ahead", packet(0, 1, 0, 0, 0, new byte[] {(byte) 0xc0, 18}, end, new byte[] {1, 'a', 0}));
        add("a pointer out of it", packet(0, 1, 0, 0, 0, new byte[] {(byte) 0xff, (byte) 0xff}, end));
        add("a label and a pointer to it", packet(0, 1, 0, 0, 0, new byte[] {1, 'a', (byte) 0xc0, 12}, end));
        for (int kind : new int[] {0x40, 0x41, 0x7f, 0x80, 0xbf}) {
            add("label type " + kind, packet(0, 1, 0, 0, 0, new byte[] {(byte) kind, 1, 'a', 0}, end));
        }
        add("no end of the name", packet(0, 1, 0, 0, 0, new byte[] {3, 'w', 'w', 'w'}));
        add("a label that overruns", packet(0, 1, 0, 0, 0, new byte[] {63, 'w', 'w', 0}, end));
        add("the root", packet(0, 1, 0, 0, 0, question("", A, IN)));
        String longest = "l".repeat(63);
        String below = "." + NAME;
        add("a label of 63", packet(0, 1, 0, 0, 0, question(longest + below, A, IN)));
        String most = (longest + ".").repeat(3) + "l".repeat(255 - 2 - 3 * 64 - below.length()) + below;
        add("a name of 255", packet(0, 1, 0, 0, 0, question(most, A, IN)));
        add("a name of 256", packet(0, 1, 0, 0, 0, question("l" + most.substring(64), A, IN, longest)));
        add("127 labels", packet(0, 1, 0, 0, 0, question("a.".repeat(127 - 3) + "b.c.d", A, IN)));
        add("128 labels", packet(0, 1, 0, 0, 0, question("a.".repeat(128 - 3) + "b.c.d", A, IN)));
        add("upper case", packet(0, 1, 0, 0, 0, question("WwW.PLAIN.tEsT", A, IN)));
        add("odd octets", packet(0, 1, 0, 0, 0, question("\u0000 \u00ff*@\\" + below, A, IN)));
        add("a wildcard", packet(0, 1, 0, 0, 0, question("*" + below, A, IN)));
        add("nothing there", packet(0, 1, 0, 0, 0, question("no.plain.test", A, IN)));
        add("outside", packet(0, 1, 0, 0, 0, question("www.elsewhere", A, IN)));
    }

    private void typesAndClasses() {
        int[] types = {
            0, 2, 3, 5, 6, 10, 12, 15, 16, 24, 25, 28, 33, 35, 39, 41, 43, 46, 47, 48, 50, 52, 64, 65, 99, 100, 103,
            127, 128, 200, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 32_769, 65_280, 65_534, 65_535
        };
        for (int type : types) {
            add("type " + type, packet(0, 1, 0, 0, 0, question(NAME, type, IN)));
            add(
                    "type " + type + " at the apex",
                    packet(0, 1, 0, 0, 1, question("plain.test", type, IN), opt(1232, 0, 0)));
            add("type " + type + " outside", packet(0, 1, 0, 0, 0, question("x.elsewhere", type, IN)));
        }
        for (int dclass : new int[] {0, 2, 3, 4, 77, 254, 255, 256, 65_535}) {
            add("class " + dclass, packet(0, 1, 0, 0, 0, question(NAME, A, dclass)));
            add(
                    "class " + dclass + " outside",
                    packet(0, 1, 0, 0, 1, question("x.elsewhere", A, dclass), opt(1232, 0, 0)));
        }
        for (String name : new String[] {"version.bind", "nothing.bind", "plain.test", "authors.bind"}) {
            for (int type : new int[] {16, 1, 255, 252}) {
                add("chaos " + name + " " + type, packet(0, 1, 0, 0, 0, question(name, type, 3)));
            }
        }
    }

    private void edns() {
        byte[] question = question(NAME, A, IN);
        for (int size : new int[] {0, 1, 511, 512, 513, 1232, 4096, 65_535}) {
            add("EDNS size " + size, packet(0, 1, 0, 0, 1, question, opt(size, 0, 0)));
        }
        for (int version : new int[] {1, 2, 128, 255}) {
            add("EDNS version " + version, packet(0, 1, 0, 0, 1, question, opt(1232, version, 0)));
            add(
                    "EDNS version " + version + " of what is not there",
                    packet(0, 1, 0, 0, 1, question("no.plain.test", A, IN), opt(1232, version, 0)));
            add(
                    "EDNS version " + version + " outside",
                    packet(0, 1, 0, 0, 1, question("x.elsewhere", A, IN), opt(1232, version, 0)));
            add(
                    "EDNS version " + version + " and RD",
                    packet(0x0100, 1, 0, 0, 1, question, opt(1232, version, 0x8000)));
        }
        for (int bit = 0; bit < 16; bit++) {
            add("EDNS flag " + bit, packet(0, 1, 0, 0, 1, question, opt(1232, 0, 1 << bit)));
        }
        byte[] extended = opt(1232, 0, 0);
        extended[5] = 1;
        add("EDNS extended rcode", packet(0, 1, 0, 0, 1, question, extended));
        byte[] named = {1, 'a', 0, 0, OPT, 4, (byte) 0xd0, 0, 0, 0, 0, 0, 0};
        add("OPT of a name", packet(0, 1, 0, 0, 1, question, named));
        byte[] pointed = {(byte) 0xc0, 12, 0, OPT, 4, (byte) 0xd0, 0, 0, 0, 0, 0, 0};
        add("OPT of a pointer", packet(0, 1, 0, 0, 1, question, pointed));
        byte[] overrun = opt(1232, 0, 0);
        overrun[10] = 4;
        add("OPT that overruns", packet(0, 1, 0, 0, 1, question, overrun));
        byte[] tsig = {0, 0, (byte) 250, 0, (byte) 255, 0, 0, 0, 0, 0, 0};
        add("an empty TSIG", packet(0, 1, 0, 0, 1, question, tsig));
        add("TSIG before OPT", packet(0, 1, 0, 0, 2, question, tsig, opt(1232, 0, 0)));
        add("TSIG in answer", packet(0, 1, 1, 0, 0, question, tsig));
    }

    private void options() {
        byte[] question = question(NAME, A, IN);
        for (int code = 0; code <= 24; code++) {
            if (code != 10) {
                add("option " + code, packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, code, 0)));
                add("option " + code + " with data", packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, code, 5)));
                add("option " + code + " twice", packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, code, 0, code, 0)));
            }
        }
        for (int code : new int[] {100, 26_946, 65_001, 65_535}) {
            add("option " + code, packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, code, 300)));
        }
        for (int size = 0; size <= 42; size++) {
            add("cookie of " + size, packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, 10, size)));
        }
        add("two cookies", packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, 10, 8, 10, 8)));
        add("a cookie and a bad one", packet(0, 1, 0, 0, 1, question, opt(1232, 0, 0, 10, 8, 10, 3)));
        for (int cut = 1; cut < 12; cut++) {
            byte[] option = opt(1232, 0, 0, 3, 8);
            byte[] shorter = Arrays.copyOf(option, option.length - cut);
            shorter[10] -= (byte) cut;
            add("an option cut by " + cut, packet(0, 1, 0, 0, 1, question, shorter));
        }
        byte[] subnet = opt(1232, 0, 0, 8, 8);
        System.arraycopy(new byte[] {0, 1, 24, 0, (byte) 192, 0, 2, 1}, 0, subnet, 15, 8);
        add("a subnet with too much", packet(0, 1, 0, 0, 1, question, subnet));
        byte[] proper = opt(1232, 0, 0, 8, 7);
        System.arraycopy(new byte[] {0, 1, 24, 0, (byte) 192, 0, 2}, 0, proper, 15, 7);
        add("a subnet", packet(0, 1, 0, 0, 1, question, proper));
    }

    private void lengths() {
        byte[] plain = packet(0x0100, 1, 0, 0, 0, question(NAME, A, IN));
        byte[] edns = packet(0x0100, 1, 0, 0, 1, question(NAME, A, IN), opt(1232, 0, 0x8000, 10, 8));
        for (int length = 2; length < plain.length; length++) {
            add("cut to " + length, Arrays.copyOf(plain, length));
        }
        for (int length = plain.length; length < edns.length; length++) {
            add("with EDNS, cut to " + length, Arrays.copyOf(edns, length));
        }
    }

    private void add(String what, byte[] packet) {
        packets.put(what, packet);
    }

    private static byte[] packet(
            int flags, int questions, int answers, int authorities, int additionals, byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        words(out, 0, flags, questions, answers, authorities, additionals);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** A question for a name of Latin characters; {@code labels} stand before it. */
    private static byte[] question(String name, int type, int dclass, String... labels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : labels) {
            label(out, label);
        }
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.", -1)) {
            label(out, label);
        }
        out.write(0);
        words(out, type, dclass);
        return out.toByteArray();
    }

    private static void label(ByteArrayOutputStream out, String label) {
        out.write(label.length());
        out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An OPT record; {@code options} are pairs of code and size, the data counts up from 1. */
    private static byte[] opt(int size, int version, int flags, int... options) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < options.length; i += 2) {
            words(data, options[i], options[i + 1]);
            for (int octet = 1; octet <= options[i + 1]; octet++) {
                data.write(octet);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        words(out, OPT, size, version, flags, data.size());
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    private static void words(ByteArrayOutputStream out, int... words) {
        for (int word : words) {
            out.write(word >>> 8);
            out.write(word);
        }
    }
}
