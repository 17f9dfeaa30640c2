package directory.thisdcos.l4lb.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendChoiceTest {

    private static Backend backend(String task, Health health, String source) {
        return new Backend(
                Endpoint.parse("10.0.0.1:80"),
                Optional.empty(),
                health.eligible() ? 1 : 0,
                health,
                "",
                "",
                task,
                source);
    }

    @ParameterizedTest
    @CsvSource({
        "t1, UNCHECKED, t1, UNHEALTHY, UNHEALTHY",
        "t1, UNCHECKED, t1, HEALTHY,   HEALTHY",
        "t1, HEALTHY,   t1, DRAINING,  DRAINING",
        "t1, DRAINING,  t2, UNCHECKED, UNCHECKED",
        "t1, UNHEALTHY, t2, HEALTHY,   HEALTHY"
    })
    void theMoreTellingReportWins(String task1, Health health1, String task2, Health health2, Health winner) {
        Backend one = backend(task1, health1, "a");
        Backend other = backend(task2, health2, "b");
        assertEquals(winner, BackendChoice.between(one, other).health());
        assertEquals(BackendChoice.between(one, other), BackendChoice.between(other, one));
    }
}
