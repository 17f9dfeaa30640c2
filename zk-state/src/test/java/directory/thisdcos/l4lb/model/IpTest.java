package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {

    @Test
    void textAndOctetsRoundTrip() throws Exception {
        Seeds.forEach(5_000, seed -> {
            Ip ip = random(new Random(seed));
            assertEquals(ip, Ip.of(ip.toString()), ip::toString);
            assertEquals(ip, Ip.of(ip.octets()));
            assertEquals(ip, Ip.ofNumber(ip.family(), ip.number()));
        });
    }

    @Test
    void readsWhatTheJdkWrites() throws Exception {
        Seeds.forEach(5_000, seed -> {
            Ip ip = random(new Random(seed));
            InetAddress address = ip.toInetAddress();
            // The JDK gives an IPv4-mapped address back as IPv4.
            if (address.getAddress().length == ip.octets().length) {
                assertEquals(ip, Ip.of(address.getHostAddress()));
            }
        });
    }

    /** Zero groups are common, so that runs of them are. */
    static Ip random(Random random) {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < octets.length; i += 2) {
            if (random.nextBoolean()) {
                octets[i] = (byte) (random.nextBoolean() ? random.nextInt() : 0);
                octets[i + 1] = (byte) random.nextInt();
            }
        }
        return Ip.of(octets);
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952 §4.1: no leading zeros
        "2001:0db8::0001, 2001:db8::1",
        // §4.2.1: as short as possible
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        // §4.2.2: not for one group
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        // §4.2.3: the longest run, the first of equal ones
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        // §4.3: lower case
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "::1.2.3.4, ::102:304",
        "64:ff9b::255.255.255.255, 64:ff9b::ffff:ffff",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0",
    })
    void writesCanonicalText(String text, String canonical) {
        assertEquals(canonical, Ip.of(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "010.0.0.1",
                "1.2.3.256",
                "1.2.3.-4",
                "1.2.3.4 ",
                "1..3.4",
                "0x1.2.3.4",
                "1.2.3.４",
                "localhost",
                ":",
                ":::",
                "1:::2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "::1:",
                ":1::",
                "12345::",
                "g::",
                "::1%eth0",
                "[::1]",
                "1.2.3.4::",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:8::",
                "::１",
                "-1::",
            })
    void rejectsWhatIsNoLiteral(String text) {
        assertEquals(Optional.empty(), Ip.parse(text));
    }

    @Test
    void addsWithCarryAndWraps() throws Exception {
        assertEquals(Ip.of("0.0.0.0"), Ip.of("255.255.255.255").plus(1));
        assertEquals(Ip.of("1::"), Ip.of("0:ffff:ffff:ffff:ffff:ffff:ffff:ffff").plus(1));
        assertEquals(Ip.of("::ffff:ffff:ffff:ffff"), Ip.of("0:0:0:1::").plus(-1));
        Seeds.forEach(2_000, seed -> {
            Random random = new Random(seed);
            Ip ip = random(random);
            long offset = random.nextLong();
            BigInteger expected = ip.number()
                    .add(BigInteger.valueOf(offset))
                    .mod(BigInteger.ONE.shiftLeft(ip.family().bits()));
            assertEquals(expected, ip.plus(offset).number());
        });
    }

    @Test
    void sortsByFamilyThenUnsignedValue() throws Exception {
        Seeds.forEach(2_000, seed -> {
            Random random = new Random(seed);
            Ip a = random(random);
            Ip b = random(random);
            int expected = a.family() != b.family()
                    ? a.family().compareTo(b.family())
                    : a.number().compareTo(b.number());
            assertEquals(Integer.signum(expected), Integer.signum(a.compareTo(b)));
        });
        assertTrue(Ip.of("128.0.0.0").compareTo(Ip.of("127.0.0.0")) > 0);
        assertFalse(Ip.of("ffff::").compareTo(Ip.of("1::")) < 0);
    }
}
