package directory.thisdcos.l4lb.dns.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OctetsTest {
    private final Random random = new Random(Long.getLong("l4lb.seed", 1L));

    @Test
    void makesLettersSmallAndNothingElse() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        for (int at = 0; at < all.length; at++) {
            int size = Math.min(1 + random.nextInt(20), all.length - at);
            byte[] lower = new byte[size + Octets.WORD];
            Octets.lowerCase(all, at, lower, size);
            byte[] expected = new byte[size];
            for (int i = 0; i < size; i++) {
                int octet = at + i;
                expected[i] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
            }
            assertArrayEquals(expected, Arrays.copyOf(lower, size));
        }
    }

    /** What a view says of a suffix is what the suffix says of itself, whatever stands beside it and in whatever case. */
    @Test
    void aViewHashesEachSuffixAsTheNameItIs() {
        for (int i = 0; i < 5_000; i++) {
            Name name = randomName();
            byte[] packet = new byte[random.nextInt(20) + name.length() + random.nextInt(20)];
            random.nextBytes(packet);
            int at = random.nextInt(packet.length - name.length() + 1);
            String text = name.toString();
            byte[] cased = Name.of(random.nextBoolean() ? text.toUpperCase(Locale.ROOT) : text)
                    .wire();
            System.arraycopy(cased, 0, packet, at, cased.length);
            NameView view = new NameView();
            assertEquals(at + name.length(), view.read(packet, at, packet.length));
            Name suffix = name;
            for (int label = 0; label <= view.labels(); label++) {
                assertEquals(suffix.hashCode(), view.hash(label));
                assertEquals(suffix, view.suffix(label));
                if (suffix.length() + 2 <= Wire.MAX_NAME) {
                    assertEquals(suffix.child("*").hashCode(), view.wildcardHash(label));
                }
                suffix = suffix.parent();
            }
        }
    }

    private Name randomName() {
        Name name = Name.ROOT;
        for (int labels = random.nextInt(8); labels > 0; labels--) {
            StringBuilder label = new StringBuilder();
            for (int size = 1 + random.nextInt(random.nextInt(5) == 0 ? 63 : 12); size > 0; size--) {
                label.append((char) ('a' + random.nextInt(26)));
            }
            if (name.length() + 1 + label.length() <= Wire.MAX_NAME) {
                name = name.child(label.toString());
            }
        }
        return name;
    }

    /** Names as they occur: both ends of the hash are used, so both must tell them apart. */
    @Test
    void namesThatAreAlikeDoNotMeet() {
        Set<Integer> low = new HashSet<>();
        Set<Integer> high = new HashSet<>();
        int count = 1 << 14;
        for (int i = 0; i < count; i++) {
            int hash = Name.of("service-with-a-long-name-" + i + ".marathon.l4lb.thisdcos.directory")
                    .hashCode();
            low.add(hash & (count - 1));
            high.add(hash >>> 18);
        }
        // Of n balls in n bins 63 % of the bins have one.
        assertTrue(low.size() > count * 0.6, "low bits: " + low.size());
        assertTrue(high.size() > count * 0.6, "high bits: " + high.size());
    }
}
