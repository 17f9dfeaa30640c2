package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpvsSyncTest {
    @TempDir
    private Path directory;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());

    @Test
    void showsThePlanWithoutAKernel() throws Exception {
        State state = new States()
                .name("web", "11.0.0.1")
                .tcp("web", 80, "10.1.0.2:8080", "127.0.0.1:8080")
                .build();
        try (IpvsSync sync = IpvsSync.open(IpvsSettings.of(IpvsMode.PLAN, directory), registry, problems)) {
            assertEquals(Set.of(), sync.apply(State.EMPTY));
            assertEquals("", sync.plan());
            assertEquals(Set.of(), sync.apply(state));
            String services = "-A -t 11.0.0.1:80 -s wlc\n-a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1\n";
            assertEquals(services, without(sync.plan(), "-f"));
            assertEquals(sync.plan(), sync.pending());
            assertEquals(1, sync.status().services());
            assertEquals(0, sync.status().writes());
            assertEquals("data plane off: mode plan", sync.status().reason());
            assertEquals(
                    List.of("backend-refused"),
                    problems.entries().stream()
                            .map(ProblemBoard.Entry::problem)
                            .map(Problem::kind)
                            .toList());
            sync.apply(States.of(state).name("b", "11.0.0.2").tcp("b", 81).build());
            assertEquals(services + "-A -t 11.0.0.2:81 -s wlc\n", without(sync.plan(), "-f"));
        }
    }

    @Test
    void doesNothingWhenOff() throws Exception {
        try (IpvsSync sync = IpvsSync.open(IpvsSettings.of(IpvsMode.OFF, directory), registry, problems)) {
            sync.apply(new States().name("web", "11.0.0.1").tcp("web", 80).build());
            assertEquals("", sync.plan());
            assertEquals("data plane off: mode off", sync.status().reason());
        }
    }

    private static String without(String text, String word) {
        StringBuilder rest = new StringBuilder();
        text.lines()
                .filter(line -> !line.contains(word))
                .forEach(line -> rest.append(line).append('\n'));
        return rest.toString();
    }
}
