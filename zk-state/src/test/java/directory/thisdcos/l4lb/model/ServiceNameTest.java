package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNameTest {

    /** Vectors of dcos-net's name normalisation. */
    @ParameterizedTest
    @CsvSource({
        "/foo, marathon, foo.marathon",
        "/api.hello-world, marathon, api.hello-world.marathon",
        "broker, kafka, broker.kafka",
        "broker, dev/kafka, broker.devkafka",
        "broker, /dev/kafka, broker.devkafka",
        "/a/b, marathon, ab.marathon",
        "Foo_Bar, Mara.Thon, foo-bar.mara.thon",
        "überraschung, m, berraschung.m",
        "fd%gsf---gs7-f$gs--d7fddg-123, m, fdgsf---gs7-fgs--d7fddg-123.m",
        "##fdgsf---gs7-fgs--d7fddg123456789012345678901234567890123456789-, m, "
                + "fdgsf---gs7-fgs--d7fddg123456789012345678901234567890123456789.m",
        "-4abc123, m, 4abc123.m",
        "0-0, m, 0-0.m",
        "..a...b.., ..m.., a.b.m",
        "a-.-b, m, a.b.m",
    })
    void normalisesAsDcosNet(String label, String framework, String prefix) throws InvalidVipException {
        ServiceName name = ServiceName.of(label, framework);
        assertEquals(prefix, name.prefix());
        assertEquals(prefix + ".l4lb.thisdcos.directory", name.fqdn());
    }

    /** dcos-net cuts a long label, where two names may meet, and stores an empty one. */
    @Test
    void refusesWhatDcosNetMangles() throws InvalidVipException {
        assertEquals(63, ServiceName.of("a".repeat(63), "m").prefix().indexOf('.'));
        assertThrows(InvalidVipException.class, () -> ServiceName.of("a".repeat(64), "m"));
        assertThrows(InvalidVipException.class, () -> ServiceName.of("m", "a".repeat(64)));
        assertThrows(InvalidVipException.class, () -> ServiceName.of("/", "marathon"));
        assertThrows(InvalidVipException.class, () -> ServiceName.of("", "marathon"));
        assertThrows(InvalidVipException.class, () -> ServiceName.of("x", "/"));
    }

    @Test
    void isAtMost253OctetsLong() throws InvalidVipException {
        String label = "a".repeat(57) + ".";
        int room = 253 - ".m.l4lb.thisdcos.directory".length();
        String longest = label.repeat(3) + "b".repeat(room - 3 * label.length());
        assertEquals(253, ServiceName.of(longest, "m").fqdn().length());
        assertThrows(InvalidVipException.class, () -> ServiceName.of(longest + "b", "m"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "l4lb.thisdcos.directory",
                ".l4lb.thisdcos.directory",
                "x.example.com",
                "X.m.l4lb.thisdcos.directory",
                "x..m.l4lb.thisdcos.directory",
                "-x.m.l4lb.thisdcos.directory",
                "x-.m.l4lb.thisdcos.directory",
                "x y.m.l4lb.thisdcos.directory",
                "ü.m.l4lb.thisdcos.directory",
                "x.m.l4lb.thisdcos.directory."
            })
    void isAlwaysAName(String fqdn) {
        assertThrows(IllegalArgumentException.class, () -> new ServiceName(fqdn));
    }

    @Test
    void whateverItIsGivenItsNamesAreStrictAndStable() throws Exception {
        String alphabet = "aZ09-_./ :ü%\u0000";
        Seeds.forEach(3_000, seed -> {
            Random random = new Random(seed);
            StringBuilder label = new StringBuilder();
            for (int i = random.nextInt(80); i > 0; i--) {
                label.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                ServiceName name = ServiceName.of(label.toString(), "marathon");
                for (String part : name.fqdn().split("\\.", -1)) {
                    assertTrue(part.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), part);
                }
                String own = name.prefix().substring(0, name.prefix().length() - ".marathon".length());
                assertEquals(name, ServiceName.of(own, "marathon"));
            } catch (InvalidVipException e) {
                assertTrue(String.valueOf(e.getMessage()).length() > 10);
            }
        });
    }
}
