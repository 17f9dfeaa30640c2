package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainFileTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final DestinationKey WEB =
            new DestinationKey(new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80), Endpoint.parse("10.1.0.2:8080"));
    private static final DestinationKey SIX =
            new DestinationKey(new ServiceId.Address(Ip.of("fd01:c::1"), 6, 80), Endpoint.parse("[fd02::2]:8080"));

    @TempDir
    private Path directory;

    private DrainFile at(Instant time) {
        return new DrainFile(directory, InstantSource.fixed(time));
    }

    @Test
    void whatIsLeftShrinksWhileTheProgramIsAway() throws Exception {
        Duration limit = Duration.ofMinutes(1);
        assertEquals(Map.of(), at(NOW).load(limit));
        at(NOW).save(Map.of(WEB, Duration.ofSeconds(30), SIX, Duration.ofSeconds(5)));
        assertEquals(
                Map.of(WEB, Duration.ofSeconds(20), SIX, Duration.ZERO),
                at(NOW.plusSeconds(10)).load(limit));
        assertEquals(limit, at(NOW.minusSeconds(3600)).load(limit).get(WEB), "the clock was set back");
    }

    @Test
    void skipsWhatItCannotRead() throws Exception {
        at(NOW).save(Map.of(WEB, Duration.ofSeconds(30)));
        Path file = directory.resolve("ipvs-drains");
        Files.writeString(
                file, "nonsense\ntcp 11.0.0.1:80 10.1.0.2 2026-01-31T12:00:00Z\nicmp a b c\n" + Files.readString(file));
        assertEquals(Map.of(WEB, Duration.ofSeconds(30)), at(NOW).load(Duration.ofMinutes(1)));
    }
}
