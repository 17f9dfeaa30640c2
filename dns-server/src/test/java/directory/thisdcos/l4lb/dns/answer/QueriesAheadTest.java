package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

class QueriesAheadTest {
    private static final int BATCHES = 400;
    private static final int[] TYPES = {Type.A, Type.AAAA, Type.SRV, Type.TXT, Type.PTR, Type.ANY};

    private final long seed = Long.getLong("l4lb.seed", 11L);
    private final Random random = new Random(seed);

    private byte[] packet() {
        int number = random.nextInt(1_200);
        String name = switch (random.nextInt(6)) {
            case 0 -> "_80._tcp.svc" + number + ".marathon.l4lb.thisdcos.directory.";
            case 1 -> number + ".0.0.11.in-addr.arpa.";
            case 2 -> "svc" + number + ".thisdcos.global.";
            case 3 -> "x" + number + ".example.";
            default -> "SVC" + number + ".marathon.l4lb.thisdcos.directory.";
        };
        byte[] packet = Asker.query(name, TYPES[random.nextInt(TYPES.length)]).toWire();
        for (int i = random.nextInt(4) == 0 ? random.nextInt(4) : 0; i > 0; i--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length)) : packet;
    }

    @Test
    void changesNoAnswerWhateverThePackets() {
        Asker looking = Asker.of(Tables.large(1_000));
        Asker plain = Asker.of(Tables.large(1_000));
        int answered = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            int count = 1 + random.nextInt(Answerer.MAX_AHEAD);
            byte[][] requests = new byte[count][];
            int[] lengths = new int[count];
            for (int i = 0; i < count; i++) {
                byte[] packet = packet();
                // What was there before stands behind a packet: nothing beyond its length may be read.
                requests[i] = Arrays.copyOf(packet, 512);
                Arrays.fill(requests[i], packet.length, 512, (byte) random.nextInt(256));
                lengths[i] = random.nextInt(50) == 0 ? -1 : packet.length;
            }
            looking.lookAhead(requests, lengths, count);
            for (int i = 0; i < count; i++) {
                if (lengths[i] >= 0) {
                    byte[] request = Arrays.copyOf(requests[i], lengths[i]);
                    byte[] expected = plain.bytes(request, Transport.UDP);
                    assertArrayEquals(expected, looking.bytesAhead(i, request), "seed " + seed);
                    answered += expected.length > 0 ? 1 : 0;
                }
            }
        }
        assertTrue(answered > BATCHES * 10, answered + " answers");
    }
}
