package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.embedded.EmbeddedZooKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes the table, asked of an allocator that does not lead. */
final class StandbyIT {
    /** A dead leader is noticed when its session ends, after 10 s. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private final HttpClient http = HttpClient.newHttpClient();

    private RunningProgram start(String name, String zooKeeper) throws IOException {
        return RunningProgram.start(
                temp,
                "allocator",
                "--zookeeper",
                zooKeeper,
                "--apps",
                temp.resolve("apps").toString(),
                "--data",
                temp.resolve(name).toString(),
                "--admin-listen",
                "127.0.0.1:0");
    }

    private HttpResponse<String> send(
            RunningProgram program, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(program.admin() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private boolean leads(RunningProgram program) throws IOException, InterruptedException {
        return send(program, "GET", "/metrics", "").body().contains("l4lb_leader 1");
    }

    /** What happened, by whom and why; each process counts its own lines. */
    private String said(RunningProgram program, String name) throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        for (JsonNode change : new ObjectMapper()
                .readTree(send(program, "GET", name + "/history", "").body())) {
            said.append(change.path("at").asText() + " " + change.path("table").asText() + " "
                    + change.path("text").asText() + " " + change.path("who").asText() + " "
                    + change.path("why").asText() + "\n");
        }
        return said.toString();
    }

    @Test
    void changesReachTheLeader() throws Exception {
        Files.createDirectory(temp.resolve("apps"));
        EmbeddedZooKeeper zooKeeper = new EmbeddedZooKeeper(
                temp.resolve("zk"),
                Endpoint.parse("127.0.0.1:0"),
                new ProblemBoard(new PrometheusRegistry(), InstantSource.system()));
        zooKeeper.start();
        try (RunningProgram leader = start("first", zooKeeper.connectString())) {
            Await.until("the first leads", LIMIT, () -> leads(leader));
            try (RunningProgram standby = start("second", zooKeeper.connectString())) {
                Await.until(
                        "the standby knows the leader",
                        LIMIT,
                        () -> send(standby, "GET", "/readyz", "").statusCode() == 200);
                String db = "/v1/allocations/db.marathon";
                HttpResponse<String> reserved = send(standby, "PUT", db, "{\"address\":\"11.0.0.20\"}");
                assertEquals(201, reserved.statusCode(), reserved::body);
                assertEquals(
                        leader.admin(),
                        reserved.headers().firstValue("L4lb-Answered-By").orElse(""));
                assertEquals(reserved.body(), send(leader, "GET", db, "").body());

                String move = "{\"address\":\"11.0.0.21\"}";
                assertEquals(428, send(standby, "PUT", db, move).statusCode());
                String tag = reserved.headers().firstValue("ETag").orElseThrow();
                assertEquals(
                        200, send(standby, "PUT", db, move, "If-Match", tag).statusCode());
                String service = "/v1/services/db.marathon:5432?protocol=tcp";
                String backends = "{\"backends\":[{\"ip\":\"10.0.0.5\",\"port\":5432}]}";
                assertEquals(201, send(standby, "PUT", service, backends).statusCode());
                assertEquals(204, send(standby, "DELETE", service, "").statusCode());

                Await.until("the standby tells what happened", LIMIT, () -> {
                    String history = send(standby, "GET", db + "/history", "").body();
                    return history.contains("allocated [11.0.0.21]") && history.contains("service 5432/tcp gone");
                });

                String drain = "/v1/drains/agent/10.0.0.5";
                assertEquals(
                        201,
                        send(standby, "PUT", drain, "{\"reason\":\"new kernel\"}")
                                .statusCode());
                assertTrue(send(standby, "GET", "/v1/drains", "").body().contains("new kernel"));

                HttpResponse<String> looping = send(standby, "PUT", db, "", "L4lb-Forwarded", "1");
                assertEquals(503, looping.statusCode(), looping::body);
                assertTrue(looping.body().contains("believes that this one leads"), looping::body);

                assertTrue(
                        send(standby, "GET", "/v1/changes?name=db.marathon&limit=1", "")
                                .headers()
                                .firstValue("Link")
                                .orElse("")
                                .contains("&name=db.marathon"),
                        "the rest is told where");

                leader.kill();
                HttpResponse<String> gone = send(standby, "PUT", db, "");
                assertTrue(gone.statusCode() == 503 || gone.statusCode() == 200, gone::body);
                Await.until(
                        "the standby leads",
                        LIMIT,
                        () -> send(standby, "PUT", db, "").statusCode() == 200);
                assertTrue(send(standby, "GET", db, "").body().contains("11.0.0.21"));
                assertTrue(
                        send(standby, "GET", "/v1/drains", "").body().contains("new kernel"),
                        "the next leader knows what is drained");
                assertEquals(
                        200,
                        send(standby, "PUT", db, "{\"address\":\"11.0.0.22\"}", "If-Match", "*")
                                .statusCode());
                try (RunningProgram again = start("first", zooKeeper.connectString())) {
                    Await.until("its history goes on over its death", LIMIT, () -> {
                        String history = send(again, "GET", db + "/history", "").body();
                        return history.contains("allocated [11.0.0.21]") && history.contains("allocated [11.0.0.22]");
                    });
                    assertEquals(said(standby, db), said(again, db), "also of what it did not live to see");
                    assertTrue(said(again, db).contains("allocated [11.0.0.22] loopback PUT " + db), said(again, db));
                }
            }
        } finally {
            zooKeeper.close();
        }
    }
}
