package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's counters, with the names of services. */
@Tag("kernel")
class CountersKernelTest {
    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    @Test
    void theKernelsCountersHaveNamesAndSixtyFourBits() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        try (IpvsSync sync = Lab.open(directory, problems, registry)) {
            // An address of its own: the engine leaves services, with their counters, to the next one.
            sync.apply(new States()
                    .name("web", "11.0.0.99", "fd01:c::99")
                    .tcp("web", 80, "10.1.0.2:8080", "10.1.0.3:8080", "[fd02::2]:8080")
                    .build());
            for (int i = 0; i < 6; i++) {
                Client.ask("cl", "11.0.0.99", 80);
            }
            try (Client open = Client.connect("cl", "11.0.0.99", 80)) {
                assertTrue(open.echoes());
                List<ServiceCounters> services = countedAtLeast(7, sync);
                ServiceCounters service = services.get(0);
                assertEquals(2, services.size(), "one of each family");
                assertEquals("web.marathon.l4lb.thisdcos.directory:80", service.name());
                assertEquals(7, service.counters().connections());
                assertEquals(
                        7,
                        service.servers().stream()
                                .mapToLong(server -> server.counters().connections())
                                .sum());
                assertEquals(
                        1,
                        service.servers().stream()
                                .mapToLong(ServiceCounters.Server::active)
                                .sum());
                assertTrue(
                        service.counters().inBytes() > 0 && service.counters().outBytes() > 0);
                assertEquals(0, sync.counters("other.marathon", 10).size());
                StringBuilder metrics = new StringBuilder();
                registry.scrape()
                        .forEach(metric ->
                                metrics.append(metric.getMetadata().getName()).append('\n'));
                assertTrue(metrics.toString().contains("l4lb_ipvs_backend_active_connections"), metrics::toString);
                Lab.witness("counters of " + service.name() + ": " + service.counters() + "\n"
                        + Lab.sh("ipvsadm -Ln --stats"));
            }
        }
    }

    /** The kernel adds up its counters of each processor every two seconds (ip_vs_est.c: estimation_timer). */
    private static List<ServiceCounters> countedAtLeast(long connections, IpvsSync sync) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            List<ServiceCounters> services = sync.counters("web.marathon:80", 10);
            if (services.get(0).counters().connections() >= connections || System.nanoTime() > deadline) {
                return services;
            }
            Thread.sleep(100);
        }
    }
}
