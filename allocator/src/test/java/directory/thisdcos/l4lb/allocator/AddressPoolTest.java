package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {
    private static final IpRange CODE_DEFAULT = IpRange.parse("11.0.0.0-11.255.255.254");
    private static final IpRange DCOS = IpRange.parse("11.0.0.0-11.255.255.255");
    private static final IpRange TEST_BUILD = IpRange.parse("11.0.0.0-11.0.0.254");
    private static final IpRange V6 = IpRange.parse("fd01:c::-fd01:c::ffff:ffff:ffff:ffff");

    private static AddressPool pool(IpRange range) {
        return new AddressPool(Pool.of("pool", range));
    }

    @ParameterizedTest
    @CsvSource({
        "foo.marathon, 11.64.239.61, 11.64.238.105, fd01:c::71d:4de:6197:4a34",
        "api.hello-world.marathon, 11.46.7.245, 11.46.7.19, fd01:c::7b6:b931:1e1e:f045",
        "overlay-vip.hello-world, 11.86.219.94, 11.86.218.246, fd01:c::90a1:f9cd:7d40:9aee",
        "host-vip.hello-world, 11.131.68.73, 11.131.68.35, fd01:c::80b3:3478:97a5:1753",
        "web.marathon, 11.225.37.143, 11.225.36.193, fd01:c::cb8:74fe:906b:dee",
        "app.marathon, 11.171.172.93, 11.171.172.79, fd01:c::1afd:4e0d:f38c:ed11",
        "broker.kafka, 11.175.100.165, 11.175.100.139, fd01:c::fa66:4b5:5ebe:1e9d",
        "broker.devkafka, 11.178.27.153, 11.178.27.41, fd01:c::64f:a304:1c39:b2b9",
        "broker.confluent-kafka, 11.210.234.199, 11.210.233.233, fd01:c::89e:507:4091:bb2b",
        "merp.marathon, 11.250.208.155, 11.250.207.201, fd01:c::8304:3d7e:62bc:f858",
        "a-very-long-service-name-that-goes-past-twelve.group.marathon, 11.197.38.69, 11.197.37.159,"
                + " fd01:c::a7fb:5672:a307:40a7"
    })
    void firstCandidatesAreThoseOfDcosNet(String prefix, String codeDefault, String dcos, String v6) {
        assertEquals(Ip.of(codeDefault), pool(CODE_DEFAULT).firstCandidate(prefix));
        assertEquals(Ip.of(dcos), pool(DCOS).firstCandidate(prefix));
        assertEquals(Ip.of(v6), pool(V6).firstCandidate(prefix));
    }

    @ParameterizedTest
    @CsvSource({"foo.bar, 11.0.0.37", "baz.qux, 11.0.0.39", "merp.marathon, 11.0.0.37", "de8b9dc86.marathon, 11.0.0.90"
    })
    void smallRangeOfDcosNetsOwnTests(String prefix, String address) {
        assertEquals(Ip.of(address), pool(TEST_BUILD).firstCandidate(prefix));
    }

    @Test
    void ipv6OfDcosNetsOwnTest() {
        assertEquals(Ip.of("fd01:c::6d6d:9c64:fd19:f251"), pool(V6).firstCandidate("qux.ipv6"));
    }

    @ParameterizedTest
    @CsvSource({
        "11.0.0.0-11.255.255.254, svc-673, svc-2999, 11.218.135.225",
        "11.0.0.0-11.255.255.254, svc-1197, svc-5598, 11.188.169.194",
        "11.0.0.0-11.255.255.255, svc-883, svc-2367, 11.244.78.47",
        "11.0.0.0-11.255.255.255, svc-5297, svc-5571, 11.126.233.88"
    })
    void knownCollisionsMoveTheSecondByOne(String range, String first, String second, String address) {
        AddressPool pool = pool(IpRange.parse(range));
        Ip shared = Ip.of(address);
        assertEquals(shared, pool.firstCandidate(first + ".marathon"));
        assertEquals(Optional.of(shared.plus(1)), pool.pick(second + ".marathon", shared::equals));
    }

    @Test
    void hashOfNothingIsTheSeed() {
        assertEquals(147926629, Phash2.of(new byte[0]));
        assertEquals(Phash2.of(new byte[] {(byte) 0xff}), Phash2.of("\u00ff".getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void searchWrapsAndEndsWhenAllIsTaken() {
        AddressPool pool = pool(IpRange.parse("10.9.0.1-10.9.0.5"));
        Set<Ip> taken = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            taken.add(pool.pick("name-" + i + ".marathon", taken::contains).orElseThrow());
        }
        assertEquals(5, taken.size());
        assertEquals(Optional.empty(), pool.pick("one-more.marathon", taken::contains));
    }

    @Test
    void poolOfOneAddress() {
        AddressPool pool = pool(IpRange.parse("10.9.0.1"));
        assertEquals(Optional.of(Ip.of("10.9.0.1")), pool.pick("a.b", ip -> false));
        assertEquals(Optional.empty(), pool.pick("a.b", ip -> true));
    }

    @Test
    void reservedPartsArePassedOverAtOnce() {
        Pool whole = Pool.of("pool", DCOS);
        Ip first = pool(DCOS).firstCandidate("foo.marathon");
        Pool around = whole.withReserved(List.of(IpRange.parse("11.1.0.0-11.254.255.255")));
        assertEquals(first, new AddressPool(around).firstCandidate("foo.marathon"), "it stays dcos-net's");
        assertEquals(Optional.of(Ip.of("11.255.0.0")), new AddressPool(around).pick("foo.marathon", ip -> false));
        Pool toTheEnd = whole.withReserved(List.of(IpRange.parse("11.1.0.0-11.255.255.255")));
        assertEquals(Optional.of(Ip.of("11.0.0.0")), new AddressPool(toTheEnd).pick("foo.marathon", ip -> false));
        assertEquals(
                Optional.empty(), new AddressPool(whole.withReserved(List.of(DCOS))).pick("foo.marathon", ip -> false));
    }
}
