package directory.thisdcos.l4lb.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.forward.Upstream;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void followsTheFileAndNeverNamesOurselves() throws IOException, InterruptedException {
        ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
        BlockingQueue<List<Upstream>> published = new LinkedBlockingQueue<>();
        Path file = folder.resolve("resolv.conf");
        List<Endpoint> listening = List.of(Endpoint.parse("198.51.100.1:53"));
        try (UpstreamFile followed = new UpstreamFile(file, () -> listening, problems, published::add)) {
            followed.start();
            assertEquals(1, problems.entries().size(), "no file yet");
            Files.writeString(file, "nameserver 198.51.100.1\n");
            Files.writeString(file, "nameserver 198.51.100.1\nnameserver 10.0.0.2\n");
            assertEquals(List.of(Upstream.parse("10.0.0.2")), published.poll(20, TimeUnit.SECONDS));
            Files.writeString(file, "nameserver 10.0.0.3\n");
            assertEquals(List.of(Upstream.parse("10.0.0.3")), published.poll(20, TimeUnit.SECONDS));
            assertTrue(problems.entries().isEmpty());
        }
    }
}
