package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a running program every path of its own {@code /openapi.json}, and compares each answer with it. */
final class OpenApiIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DB = "/v1/services/db.api:5432";
    private static final String BROKER = "broker.kafka.l4lb.thisdcos.directory";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> asked = new TreeSet<>();
    private JsonNode document = JSON.createObjectNode();
    private String base = "";

    @Test
    void everyAnswerIsAsDescribed() throws Exception {
        try (RunningProgram program = RunningProgram.examplesOnFreePorts(temp)) {
            base = program.admin();
            document = JSON.readTree(send("GET", "/openapi.json", "").body());
            Await.until(
                    "the examples",
                    LIMIT,
                    () -> send("GET", "/v1/vips", "").body().contains(BROKER));
            Await.until(
                    "the node's registration",
                    LIMIT,
                    () -> !JSON.readTree(send("GET", "/v1/nodes", "").body()).isEmpty());
            readings();
            events();
            changes();
            allocations();
            table();
            refusals();
        }
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertEquals(String.join("\n", described), String.join("\n", asked), "described, and asked here");
    }

    private void readings() throws Exception {
        for (String path : new String[] {
            "/healthz",
            "/readyz",
            "/metrics",
            "/openapi.json",
            "/v1/metrics",
            "/v1/version",
            "/v1/problems",
            "/v1/ipvs",
            "/v1/ipvs/plan",
            "/v1/ipvs/pending",
            "/v1/ipvs/services",
            "/v1/collisions"
        }) {
            ask(200, "GET", path, path, "");
        }
        for (String path : new String[] {
            "/v1/vips",
            "/v1/allocations",
            "/v1/sources",
            "/v1/services",
            "/v1/nodes",
            "/v1/reachability",
            "/v1/records",
            "/v1/pools",
            "/v1/claims"
        }) {
            assertTrue(ask(200, "GET", path, path, "").size() > 0, path + " has something to compare");
        }
        assertTrue(
                ask(200, "GET", "/v1/hosts/{host}", "/v1/hosts/" + BROKER, "").size() > 0);
        assertTrue(ask(200, "GET", "/v1/explain/{query}", "/v1/explain/my-service.marathon", "")
                        .size()
                > 0);
        ask(200, "GET", "/v1/services/{service}", "/v1/services/" + BROKER + ":9092", "");
        ask(200, "GET", "/v1/services/{service}", "/v1/services/_9092._tcp." + BROKER, "");
        ask(200, "GET", "/v1/services/{framework}/connection", "/v1/services/kafka/connection", "");
    }

    /** The stream is cut after the event that comes at once. */
    private void events() throws Exception {
        Shell.Result stream =
                Shell.run("curl", "-sSi", "-N", "-m", "5", "-H", "Accept: text/event-stream", base + "/v1/events");
        assertTrue(stream.out().contains("Content-Type: text/event-stream"), stream.out());
        assertTrue(stream.out().contains("event: table"), stream.out());
        asked.add("GET /v1/events");
        ask(406, "GET", "/v1/events", "/v1/events", "");
    }

    private void changes() throws Exception {
        String body = "{\"owner\":\"me\",\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}";
        ask(201, "PUT", "/v1/services/{service}", DB, body);
        ask(200, "PUT", "/v1/services/{service}", DB, body);
        String tag = send("GET", DB, "").headers().firstValue("etag").orElseThrow();
        ask(412, "PUT", "/v1/services/{service}", DB, body, "If-None-Match", "*");
        ask(412, "DELETE", "/v1/services/{service}", DB + "?owner=me", "", "If-Match", "\"other\"");
        ask(204, "DELETE", "/v1/services/{service}", DB + "?owner=me", "", "If-Match", tag);
        String drained = "/v1/drains/{kind}/{what}";
        ask(201, "PUT", drained, "/v1/drains/agent/10.0.0.211", "{\"reason\":\"a new kernel\"}");
        ask(200, "PUT", drained, "/v1/drains/agent/10.0.0.211", "");
        assertTrue(ask(200, "GET", "/v1/drains", "/v1/drains", "")
                        .get(0)
                        .path("backends")
                        .asInt()
                > 0);
        ask(200, "GET", drained, "/v1/drains/agent/10.0.0.211", "");
        ask(412, "DELETE", drained, "/v1/drains/agent/10.0.0.211", "", "If-Match", "\"other\"");
        ask(204, "DELETE", drained, "/v1/drains/agent/10.0.0.211", "");
        ask(404, "DELETE", drained, "/v1/drains/agent/10.0.0.211", "");
        ask(400, "PUT", drained, "/v1/drains/rack/1", "");
        String source =
                JSON.readTree(send("GET", "/v1/sources", "").body()).at("/0/id").asText();
        for (String order : new String[] {"freeze", "thaw", "forget"}) {
            ask(200, "POST", "/v1/sources/" + order, "/v1/sources/" + order + "?id=" + source, "");
        }
    }

    private void allocations() throws Exception {
        String one = "/v1/allocations/reserved.x";
        ask(201, "PUT", "/v1/allocations/{name}", one, "{\"address\":\"11.0.0.77\"}");
        ask(200, "GET", "/v1/allocations/{name}", one, "");
        ask(200, "GET", "/v1/allocations/{name}/history", one + "/history", "");
        Await.until(
                "the history",
                LIMIT,
                () -> send("GET", "/v1/changes", "").body().contains("11.0.0.77"));
        assertTrue(ask(200, "GET", "/v1/changes", "/v1/changes?name=reserved.x&limit=2", "")
                        .size()
                == 2);
        ask(400, "GET", "/v1/changes", "/v1/changes?limit=0", "");
        String many = "{\"allocations\":[{\"name\":\"other.x\",\"address\":\"11.0.0.78\"}]}";
        ask(200, "POST", "/v1/allocations", "/v1/allocations?plan=true", many);
        ask(409, "POST", "/v1/allocations", "/v1/allocations", many.replace(".78", ".77"));
        String tag = send("GET", one, "").headers().firstValue("etag").orElseThrow();
        ask(200, "DELETE", "/v1/allocations/{name}", one, "", "If-Match", tag);
        tag = send("GET", one, "").headers().firstValue("etag").orElseThrow();
        ask(204, "DELETE", "/v1/quarantine/{name}", "/v1/quarantine/reserved.x", "", "If-Match", tag);
        ask(404, "GET", "/v1/allocations/{name}", one, "");
    }

    private void table() throws Exception {
        String lines = send("GET", "/v1/table", "").body();
        asked.add("GET /v1/table");
        assertTrue(lines.lines().count() > 3, lines);
        ask(200, "PUT", "/v1/table", "/v1/table?replace=true", lines);
        ask(400, "PUT", "/v1/table", "/v1/table", lines.substring(0, lines.length() / 2));
    }

    private void refusals() throws Exception {
        ask(400, "GET", "/v1/allocations", "/v1/allocations?limit=x", "");
        ask(400, "GET", "/v1/hosts/{host}", "/v1/hosts/a..b", "");
        ask(400, "PUT", "/v1/services/{service}", DB, "{}");
        ask(404, "GET", "/v1/services/{service}", "/v1/services/none.x:1", "");
        ask(404, "GET", "/v1/services/{framework}/connection", "/v1/services/none/connection", "");
        ask(405, "DELETE", "/v1/vips", "/v1/vips", "");
        asked.remove("DELETE /v1/vips");
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode ask(int status, String method, String described, String path, String body, String... headers)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body, headers);
        String what = method + " " + path + ": " + answer.body();
        assertEquals(status, answer.statusCode(), what);
        asked.add(method + " " + described);
        JsonNode responses = document.path("paths")
                .path(described)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses");
        JsonNode response = responses.path(Integer.toString(status));
        if (response.isMissingNode()) {
            response = status < 400 ? response : problem();
        }
        assertTrue(response.has("description"), what + " is not described with status " + status);
        if (!response.has("content")) {
            assertEquals("", answer.body(), what);
            return JSON.missingNode();
        }
        String type = answer.headers().firstValue("content-type").orElse("").split(";", 2)[0];
        JsonNode schema = response.path("content").path(type).path("schema");
        assertTrue(schema.isObject(), what + " is of type " + type);
        if (type.equals("text/plain")) {
            return JSON.missingNode();
        }
        JsonNode value = JSON.readTree(answer.body());
        assertEquals(Set.of(), validate(schema, value), what);
        return value;
    }

    private JsonNode problem() {
        return document.at("/paths/~1v1~1vips/get/responses/default");
    }

    private Set<ValidationMessage> validate(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole)
                .validate(value);
    }
}
