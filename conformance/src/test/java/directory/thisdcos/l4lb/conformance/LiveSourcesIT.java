package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon;
import directory.thisdcos.l4lb.source.mesos.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program beside a Marathon and a Mesos master that answer over real sockets: from an event to {@code dig}. */
final class LiveSourcesIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String WEB = "web.marathon.l4lb.thisdcos.directory";
    private static final String BROKER = "broker.kafka.l4lb.thisdcos.directory";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private RunningProgram start(String... sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "standalone",
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0",
                "--ipvs",
                "plan"));
        arguments.addAll(List.of(sources));
        return RunningProgram.start(temp, arguments.toArray(String[]::new));
    }

    private static String dig(RunningProgram program, String name) throws IOException, InterruptedException {
        return Shell.run(List.of("dig", "@127.0.0.1", "-p", Integer.toString(program.dnsPort()), "+tries=1", name))
                .out();
    }

    private static JsonNode get(RunningProgram program, String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(Shell.output("curl", "-sS", program.admin() + path));
    }

    /** Backends of the service as {@code ip:port weight}, in the table's order. */
    private static List<String> backends(RunningProgram program, String name) throws IOException, InterruptedException {
        List<String> backends = new ArrayList<>();
        for (JsonNode vip : get(program, "/v1/vips")) {
            if (vip.get("vip").asText().startsWith(name)) {
                vip.get("backend")
                        .forEach(backend -> backends.add(backend.get("ip").asText() + ":"
                                + backend.get("port").asText() + " "
                                + backend.get("weight").asText()));
            }
        }
        return backends;
    }

    private static void awaitBackends(RunningProgram program, String name, String... expected) throws Exception {
        Await.until(
                name + " " + List.of(expected),
                SOON,
                () -> backends(program, name).equals(List.of(expected)));
    }

    private static String status(RunningProgram program) throws IOException, InterruptedException {
        return get(program, "/v1/sources").at("/0/status").asText();
    }

    @Test
    void aMarathonThatGoesAwayWithdrawsNothingAndItsEventsTakeEffect() throws Exception {
        try (ReplayMarathon marathon = new ReplayMarathon()) {
            String first = ReplayMarathon.task("web.t1", "10.0.0.1", 31001);
            String second = ReplayMarathon.task("web.t2", "10.0.0.2", 31002);
            marathon.app("/web", ReplayMarathon.web("web", first));
            try (RunningProgram program = start("--marathon", marathon.url())) {
                awaitBackends(program, WEB, "10.0.0.1:31001 1");
                Await.until("the name", SOON, () -> dig(program, WEB).contains("11.225.36.193"));

                marathon.app("/web", ReplayMarathon.web("web", first + "," + second));
                marathon.event("status_update_event", "'appId':'/web','taskId':'web.t2','taskStatus':'TASK_RUNNING'");
                awaitBackends(program, WEB, "10.0.0.1:31001 1", "10.0.0.2:31002 1");

                marathon.interference = (request, reply) -> {
                    reply.send(503, "no leader");
                    return true;
                };
                marathon.cutStreams();
                Await.until("stale", SOON, () -> status(program).equals("stale"));
                assertEquals(2, backends(program, WEB).size());
                program.kill();
            }
            // Marathon is still away, and this process never heard it.
            try (RunningProgram program = start("--marathon", marathon.url())) {
                Await.until("the table", SOON, () -> backends(program, WEB).size() == 2);
                assertTrue(dig(program, WEB).contains("11.225.36.193"));
                marathon.app("/web", ReplayMarathon.web("web", second));
                marathon.interference = (request, reply) -> false;
                awaitBackends(program, WEB, "10.0.0.2:31002 1");
                assertEquals("live", status(program));

                marathon.delete("/web");
                marathon.event("app_terminated_event", "'appId':'/web'");
                Await.until("NXDOMAIN", SOON, () -> dig(program, WEB).contains("status: NXDOMAIN"));
            }
        }
    }

    @Test
    void aMasterAndAMarathonFeedTheProgramTogether() throws Exception {
        ReplayMaster master = new ReplayMaster();
        try (ReplayMarathon marathon = new ReplayMarathon();
                ReplayServer mesos = new ReplayServer(master)) {
            marathon.app("/web", ReplayMarathon.web("web", ReplayMarathon.task("web.t1", "10.0.0.9", 31001)));
            Path files = Files.createDirectory(temp.resolve("apps"));
            Files.writeString(
                    files.resolve("green.json"),
                    ReplayMarathon.quoted("{'id':'/green',"
                            + ReplayMarathon.web("web", ReplayMarathon.task("green.t1", "10.0.0.8", 31002)) + "}"));
            try (RunningProgram program =
                    start("--mesos", mesos.url(), "--marathon", marathon.url(), "--apps", files.toString())) {
                awaitBackends(program, BROKER, "10.0.0.1:1001 1");
                awaitBackends(program, WEB, "10.0.0.8:31002 1", "10.0.0.9:31001 1");

                master.say(Records.added(Records.task("t2", "a1", "TASK_RUNNING", 1002, 100)));
                awaitBackends(program, BROKER, "10.0.0.1:1001 1", "10.0.0.1:1002 1");
                master.say(Records.updated("t1", "TASK_KILLING", 200, ""));
                awaitBackends(program, BROKER, "10.0.0.1:1001 0", "10.0.0.1:1002 1");
                master.say(Records.updated("t1", "TASK_KILLED", 201, ""));
                awaitBackends(program, BROKER, "10.0.0.1:1002 1");
                assertTrue(get(program, "/v1/explain/" + BROKER).toString().contains("t2"));

                mesos.cutAll();
                Files.delete(files.resolve("green.json"));
                awaitBackends(program, WEB, "10.0.0.9:31001 1");
                assertEquals(List.of("10.0.0.1:1002 1"), backends(program, BROKER));
            }
        }
    }
}
