package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description names what the server serves; {@code OpenApiIT} compares the answers. */
final class OpenApiTest {

    @Test
    void everyRouteIsDescribedAndNothingElse() throws Exception {
        JsonNode document;
        try (InputStream text = OpenApiTest.class.getResourceAsStream("openapi.json")) {
            document = new ObjectMapper().readTree(text);
        }
        TreeSet<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        PrometheusRegistry registry = new PrometheusRegistry();
        try (AdminServer server = new AdminServer(
                Endpoint.parse("127.0.0.1:0"),
                new AdminView(
                        () -> State.EMPTY,
                        new ProblemBoard(registry, InstantSource.system()),
                        List::of,
                        () -> new AdminView.DataPlane("off", "", () -> ""),
                        Optional::empty,
                        Optional::empty,
                        "1"),
                registry)) {
            assertEquals(
                    String.join("\n", described),
                    String.join("\n", new TreeSet<>(server.routes())),
                    "described, and served; openapi.json describes the API");
        }
    }
}
