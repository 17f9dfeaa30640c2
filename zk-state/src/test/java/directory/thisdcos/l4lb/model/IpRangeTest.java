package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource({
        "11.0.0.0-11.255.255.255, 11.0.0.0/8",
        "11.0.0.0-11.0.0.254, "
                + "11.0.0.0/25 11.0.0.128/26 11.0.0.192/27 11.0.0.224/28 11.0.0.240/29 11.0.0.248/30 11.0.0.252/31 11.0.0.254/32",
        "0.0.0.0-255.255.255.255, 0.0.0.0/0",
        "10.0.0.1-10.0.0.6, 10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32",
        "10.0.0.7, 10.0.0.7/32",
        "fd01:c::/64, fd01:c::/64",
        "::/0, ::/0",
        "ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff::/16",
    })
    void coversARangeByPrefixes(String range, String prefixes) {
        List<String> texts =
                IpRange.parse(range).prefixes().stream().map(Prefix::toString).toList();
        assertEquals(prefixes, String.join(" ", texts));
    }

    @Test
    void prefixesAreExactAlignedAndFewest() throws Exception {
        Seeds.forEach(2_000, seed -> {
            IpRange range = random(new Random(seed));
            BigInteger next = range.first().number();
            BigInteger previousSize = BigInteger.ZERO;
            boolean shrinking = false;
            for (Prefix prefix : range.prefixes()) {
                BigInteger size =
                        BigInteger.ONE.shiftLeft(prefix.network().family().bits() - prefix.length());
                assertEquals(next, prefix.network().number());
                assertEquals(BigInteger.ZERO, next.mod(size));
                // Sizes first grow and then shrink; each at most twice in a row, or two would be one.
                shrinking |= size.compareTo(previousSize) < 0;
                assertFalse(shrinking && size.compareTo(previousSize) > 0);
                previousSize = size;
                next = next.add(size);
            }
            assertEquals(range.last().number().add(BigInteger.ONE), next);
        });
    }

    @Test
    void parsesItsOwnText() throws Exception {
        Seeds.forEach(1_000, seed -> {
            IpRange range = random(new Random(seed));
            assertEquals(range, IpRange.parse(range.toString()));
            assertEquals(range.last(), range.at(range.size().subtract(BigInteger.ONE)));
            assertTrue(range.contains(range.first()) && range.contains(range.last()));
        });
    }

    private static IpRange random(Random random) {
        Ip a = IpTest.random(random);
        Ip b = IpTest.random(random);
        while (a.family() != b.family()) {
            b = IpTest.random(random);
        }
        if (random.nextBoolean()) {
            b = Ip.ofNumber(a.family(), a.number()).plus(random.nextInt(5_000));
        }
        return a.compareTo(b) <= 0 ? new IpRange(a, b) : new IpRange(b, a);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "11.0.0.0/33", "11.0.0.1/8", "11.0.0.2-11.0.0.1", "11.0.0.0-fd01::", "11.0.0.0/", "a-b"})
    void refusesWhatIsNoRange(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpRange.parse(text));
    }

    @Test
    void overlapsBothWays() {
        IpRange eight = IpRange.parse("11.0.0.0/8");
        assertTrue(eight.overlaps(IpRange.parse("11.2.0.0/16")));
        assertTrue(IpRange.parse("11.2.0.0/16").overlaps(eight));
        assertFalse(eight.overlaps(IpRange.parse("12.0.0.0/8")));
        assertFalse(eight.overlaps(IpRange.parse("fd01::/16")));
    }
}
