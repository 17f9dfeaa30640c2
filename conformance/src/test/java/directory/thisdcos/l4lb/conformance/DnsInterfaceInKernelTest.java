package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DNS on addresses of its own. */
@Tag("kernel")
final class DnsInterfaceInKernelTest {
    private static final String INTERFACE = "l4lb-dns";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @AfterEach
    void remove() throws Exception {
        Shell.run("ip", "link", "delete", INTERFACE);
    }

    /** Twice, since the interface stays; what is there first is down and has no address. */
    @Test
    void answersAtTheUsualAddressesWithoutAnyOtherOption() throws Exception {
        Files.createDirectory(temp.resolve("apps"));
        Shell.output("ip", "link", "add", INTERFACE, "type", "dummy");
        answersTwice();
        Shell.output("ip", "link", "delete", INTERFACE);
        answersTwice();
    }

    private void answersTwice() throws Exception {
        for (int turn = 0; turn < 2; turn++) {
            try (RunningProgram program = RunningProgram.start(
                    temp,
                    "standalone",
                    "--apps",
                    temp.resolve("apps").toString(),
                    "--data",
                    temp.resolve("data").toString(),
                    "--dns-interface",
                    INTERFACE,
                    "--ipvs",
                    "off")) {
                assertEquals("198.51.100.1:53,198.51.100.2:53,198.51.100.3:53", program.ready("dns"));
                String addresses = Shell.output("ip", "-br", "address", "show", "dev", INTERFACE);
                assertTrue(addresses.contains("198.51.100.3/32"), addresses);
                for (String server : List.of("198.51.100.1", "198.51.100.3")) {
                    assertEquals("127.0.0.1\n", Shell.output("dig", "@" + server, "+short", "ready.spartan"));
                }
                program.terminate();
            }
        }
    }
}
