package directory.thisdcos.l4lb.store.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Seeds;
import directory.thisdcos.l4lb.model.Vip;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedShardTest {

    @Test
    void elementsRoundTrip() throws Exception {
        Seeds.forEach(200, seed -> {
            Random random = new Random(seed);
            long number = random.nextLong() >>> random.nextInt(64);
            byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(octets);
            String text = text(random);
            PackedOutput out = new PackedOutput();
            out.number(number);
            out.ip(Ip.of(octets));
            out.text(text);
            out.sharedText(text);
            out.sharedText("");
            out.sharedText(text);
            out.octet(200);
            PackedInput in = new PackedInput(out.toByteArray(), 0, new SharedValues());
            assertEquals(number, in.number());
            assertEquals(Ip.of(octets), in.ip());
            assertEquals(text, in.text());
            assertEquals(text, in.sharedText());
            assertEquals("", in.sharedText());
            assertEquals(text, in.sharedText());
            assertEquals(200, in.octet());
            in.end();
        });
    }

    /** Of ASCII, Latin-1 or any UTF-16 units, lone surrogates among them. */
    private static String text(Random random) {
        int bound = List.of(0x80, 0x100, 0x10000).get(random.nextInt(3));
        char[] units = new char[random.nextInt(300)];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) random.nextInt(bound);
        }
        return new String(units);
    }

    @Test
    void everyShorterRecordIsRefused() throws Exception {
        List<Vip> vips = new RandomStates(4, 6).state(12).vips().toList();
        byte[] good = PackedWriter.shard(77, vips);
        assertEquals(new Shard(77, vips), PackedReader.shard(good, new SharedValues()));
        for (int length = 1; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(
                    BadRecordException.class,
                    () -> PackedReader.shard(cut, new SharedValues()),
                    () -> "at " + cut.length);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThrows(BadRecordException.class, () -> PackedReader.shard(longer, new SharedValues()));
    }

    @Test
    void damagedOctetsAreAnIoExceptionOrAnotherShard() throws Exception {
        Seeds.forEach(2_000, seed -> {
            Random random = new Random(seed);
            byte[] bad = PackedWriter.shard(
                    1, new RandomStates(seed % 20, 4).state(6).vips().toList());
            for (int i = 0; i <= random.nextInt(3); i++) {
                bad[random.nextInt(bad.length - 1) + 1] = (byte) random.nextInt(256);
            }
            try {
                assertTrue(PackedReader.shard(bad, new SharedValues()).vips().size() < bad.length);
            } catch (IOException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        });
    }

    @Test
    void aCountDoesNotMakeAListLongerThanTheRecord() {
        PackedOutput out = new PackedOutput();
        out.octet(PackedWriter.FORMAT);
        out.number(1);
        out.number(Integer.MAX_VALUE);
        assertThrows(BadRecordException.class, () -> PackedReader.shard(out.toByteArray(), new SharedValues()));
    }
}
