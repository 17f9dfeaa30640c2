package directory.thisdcos.l4lb.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeclarationBuilderTest {
    private static final String LONG = "x".repeat(DeclarationBuilder.MAX_TEXT + 1);
    private static final ServiceKey GOOD = key(1);
    private static final ServiceKey BAD = key(2);

    private final DeclarationBuilder builder = new DeclarationBuilder();

    private static ServiceKey key(int port) {
        return new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, port);
    }

    private static Backend backend(int port, String task) {
        return new Backend(
                new Endpoint(Ip.of("10.0.0.1"), port), Optional.empty(), 1, Health.HEALTHY, "10.0.0.1", "", task, "s");
    }

    @Test
    void whatTheTableCannotStoreCostsOnlyItself() {
        builder.declare(GOOD, new Origin("s", "marathon", "/app", "3.3.0.6:1"));
        builder.add(GOOD, backend(80, "task"));
        builder.add(GOOD, backend(81, LONG));
        builder.declare(BAD, new Origin("s", "marathon", "/app", LONG));
        builder.add(BAD, backend(80, "task"));
        Declarations built = builder.build();
        assertEquals(Set.of(GOOD), built.services().keySet());
        assertEquals(1, built.backendCount());
        assertEquals(2, built.problems().size(), built.problems()::toString);
        assertTrue(built.problems().stream()
                .allMatch(problem -> problem.kind().equals("too-long")
                        && problem.message().contains("at most " + DeclarationBuilder.MAX_TEXT)));
    }

    @Test
    void ofTwoTasksAtOneAddressTheOtherIsNotForgotten() {
        builder.declare(GOOD, new Origin("s", "marathon", "/app", "3.3.0.6:1"));
        for (String task : new String[] {"c", "a", "b", "a"}) {
            builder.add(GOOD, backend(80, task));
        }
        Declarations built = builder.build();
        assertEquals(
                List.of("a"),
                built.services().values().stream()
                        .flatMap(service -> service.backends().stream())
                        .map(Backend::task)
                        .toList());
        assertEquals(
                List.of("/app b shadowed", "/app c shadowed"),
                built.exclusions().stream()
                        .map(line -> line.owner() + " " + line.task() + " "
                                + line.reason().text())
                        .toList());
        assertTrue(built.exclusions().get(1).detail().startsWith("task a is at the same address 10.0.0.1:80"));
    }
}
