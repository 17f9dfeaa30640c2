package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/** Queries damaged at random: every answer must be one that dnsjava can read, of legal size, and cheap. */
class AnswererFuzzTest {
    private static final int PACKETS = Integer.getInteger("l4lb.fuzz", 150_000);
    private static final int MAX_ALLOCATED = 128 * 1024;
    private static final String[] NAMES = {
        "web.marathon.l4lb.thisdcos.directory",
        "_80._tcp.web.marathon.dclb.thisdcos.directory",
        "x.y.z.test",
        "deep.loop.z.test",
        "q.wild.z.test",
        "sub.z.test",
        "id.server",
        "1.0.0.11.in-addr.arpa",
        "."
    };
    private final long seed = Long.getLong("l4lb.seed", 1L);
    private final Random random = new Random(seed);
    private final List<byte[]> corpus = new ArrayList<>();

    @Test
    void answersWhateverComesWithSomethingReadable(@TempDir Path folder) throws IOException {
        makeCorpus();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Asker> askers = List.of(
                Asker.of(Tables.small()).from("203.0.113.9"),
                Asker.recursive(),
                Asker.ofZone(folder, EngineFuzz.ZONE),
                Asker.notReady());
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = mutated();
            Asker asker = askers.get(random.nextInt(askers.size()));
            Transport transport = random.nextBoolean() ? Transport.UDP : Transport.TCP;
            long before = threads.getCurrentThreadAllocatedBytes();
            int size;
            try {
                size = asker.raw(packet, transport);
            } catch (RuntimeException e) {
                throw new AssertionError(told(packet, transport), e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(i < 1_000 || allocated <= MAX_ALLOCATED, () -> told(packet, transport) + " took " + allocated);
            if (size > 0) {
                // Asked twice: the second time the budget for errors may be used up.
                byte[] reply = asker.bytes(packet, transport);
                if (reply.length > 0) {
                    EngineFuzz.check(packet, transport, reply, told(packet, transport));
                }
            }
        }
    }

    private String told(byte[] packet, Transport transport) {
        return "seed " + seed + " " + transport + " " + HexFormat.of().formatHex(packet);
    }

    private void makeCorpus() throws IOException {
        TSIG key = new TSIG(TSIG.HMAC_SHA256, "xfr.", "c2VjcmV0LXNlY3JldA==");
        for (String name : NAMES) {
            for (int type : new int[] {
                Type.A, Type.AAAA, Type.SRV, Type.TXT, Type.ANY, Type.SOA, Type.AXFR, Type.IXFR, Type.DS, Type.OPT, 0,
                999
            }) {
                Message plain = Message.newQuery(Record.newRecord(
                        Name.fromString(name, Name.root), 1, name.equals("id.server") ? DClass.CH : 1));
                byte[] wire = plain.toWire();
                Wire.put16(wire, wire.length - 4, type);
                corpus.add(wire);
                Message edns = plain.clone();
                edns.addRecord(
                        new OPTRecord(
                                512 + random.nextInt(2_000),
                                0,
                                0,
                                random.nextBoolean() ? ExtendedFlags.DO : 0,
                                List.of(
                                        new CookieOption(new byte[8]),
                                        new GenericEDNSOption(3, new byte[0]),
                                        new GenericEDNSOption(11, new byte[2]),
                                        new GenericEDNSOption(12, new byte[5]))),
                        Section.ADDITIONAL);
                byte[] rich = edns.toWire();
                corpus.add(rich);
                Message signed = plain.clone();
                key.apply(signed, null);
                corpus.add(signed.toWire());
            }
        }
    }

    private byte[] mutated() {
        byte[] packet = corpus.get(random.nextInt(corpus.size())).clone();
        for (int i = random.nextInt(4); i > 0 && packet.length > 0; i--) {
            packet = switch (random.nextInt(8)) {
                case 0 -> Arrays.copyOf(packet, random.nextInt(packet.length + 1));
                case 1 -> Arrays.copyOf(packet, packet.length + random.nextInt(40));
                case 2 -> spliced(packet);
                case 3 -> random.nextInt(50) == 0 ? new byte[random.nextInt(600)] : packet;
                default -> flipped(packet);
            };
        }
        return packet;
    }

    private byte[] flipped(byte[] packet) {
        int at = random.nextInt(random.nextBoolean() ? Math.min(packet.length, Wire.HEADER) : packet.length);
        packet[at] = switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) 0xc0;
            case 2 -> (byte) (packet[at] + 1);
            default -> (byte) (packet[at] ^ 1 << random.nextInt(8));
        };
        return packet;
    }

    private byte[] spliced(byte[] packet) {
        byte[] other = corpus.get(random.nextInt(corpus.size()));
        int head = random.nextInt(packet.length + 1);
        int tail = random.nextInt(other.length + 1);
        byte[] joined = Arrays.copyOf(packet, head + other.length - tail);
        System.arraycopy(other, tail, joined, head, other.length - tail);
        return joined;
    }
}
