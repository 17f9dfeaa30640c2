package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardSettingsTest {
    private static ForwardSettings parse(List<String> upstreams, List<String> forwards) {
        return ForwardSettings.parse(upstreams, forwards, Optional.empty(), 1);
    }

    private static List<Upstream> upstreams(String... texts) {
        return List.of(texts).stream().map(Upstream::parse).toList();
    }

    @Test
    void readsAddressesFilesAndSuffixes() {
        ForwardSettings settings = parse(
                List.of("10.0.0.1", "[fd01::1]:5353", "fd01::2", "/run/resolv.conf"),
                List.of("mesos=10.1.0.1:53,10.1.0.2", "Corp.Example.=10.2.0.1", "mesos=10.1.0.3"));
        assertEquals(upstreams("10.0.0.1:53", "[fd01::1]:5353", "[fd01::2]:53"), settings.upstreams());
        assertEquals(Optional.of(Path.of("/run/resolv.conf")), settings.resolvConf());
        assertEquals(
                Map.of(
                        Name.of("mesos"), upstreams("10.1.0.1", "10.1.0.2", "10.1.0.3"),
                        Name.of("corp.example"), upstreams("10.2.0.1")),
                settings.bySuffix());
        assertEquals(
                Optional.of(Path.of("/etc/resolv.conf")),
                parse(List.of("system"), List.of()).resolvConf());
    }

    @Test
    void anAddressWithoutSuffixBelongsToTheOneBefore() {
        assertEquals(
                parse(List.of(), List.of("mesos=10.1.0.1,10.1.0.2", "a.b=10.2.0.1"))
                        .bySuffix(),
                parse(List.of(), List.of("mesos=10.1.0.1", "10.1.0.2", "a.b=10.2.0.1"))
                        .bySuffix());
    }

    @ParameterizedTest
    @CsvSource({
        "dns.example,'',--upstream 'dns.example' is no address",
        "10.0.0.1:0,'',--upstream '10.0.0.1:0': the port",
        "'',10.0.0.1,--forward 10.0.0.1: write SUFFIX=",
        "'',mesos=,--forward '' is no address",
        "'',a..b=10.0.0.1,--forward a..b=10.0.0.1: not a domain name",
        "'',.=10.0.0.1,--forward .=10.0.0.1: for all other names use --upstream",
    })
    void saysWhatIsWrong(String upstream, String forward, String message) {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> parse(
                        upstream.isEmpty() ? List.of() : List.of(upstream),
                        forward.isEmpty() ? List.of() : List.of(forward)));
        assertTrue(String.valueOf(error.getMessage()).startsWith(message), error.getMessage());
    }
}
