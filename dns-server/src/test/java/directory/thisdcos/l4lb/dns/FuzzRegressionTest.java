package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.answer.EngineFuzz;
import directory.thisdcos.l4lb.dns.forward.ReplyFuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What {@code conformance/fuzz} has found worth keeping: inputs that reach code which no other one reaches, in hex. */
class FuzzRegressionTest {

    private static List<byte[]> inputs(String target) throws IOException {
        try (InputStream in = FuzzRegressionTest.class.getResourceAsStream(target + ".hex")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(HexFormat.of()::parseHex)
                    .toList();
        }
    }

    @Test
    void theEngineAnswersReadably() throws IOException {
        List<byte[]> inputs = inputs("engine");
        assertTrue(inputs.size() > 10);
        inputs.forEach(EngineFuzz::fuzzerTestOneInput);
    }

    @Test
    void noReplyBreaksTheForwarder() throws IOException {
        List<byte[]> inputs = inputs("reply");
        assertTrue(inputs.size() > 10);
        for (byte[] input : inputs) {
            ReplyFuzz.fuzzerTestOneInput(input);
        }
    }
}
