package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paths that dcos-net served at its port, asked of the process that allocates and of a node beside it. */
final class DcosNetAnswersIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BROKER = "broker.kafka.l4lb.thisdcos.directory";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private RunningProgram start(String name, String... arguments) throws IOException {
        Path zones = Files.createDirectories(temp.resolve("zones"));
        Files.writeString(zones.resolve("autoip.zone"), """
                $ORIGIN kafka.autoip.dcos.thisdcos.directory.
                @ 60 SOA ns hostmaster 1 60 60 600 60
                @ 60 NS ns
                ns 60 A 10.0.0.2
                kafka-0-broker 60 A 9.0.3.1
                kafka-2-broker 60 A 9.0.3.2
                """);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--zones", zones.toString()));
        all.addAll(List.of(
                "--data",
                temp.resolve(name).toString(),
                "--admin-listen",
                "127.0.0.1:0",
                "--dns-listen",
                "127.0.0.1:0",
                "--ipvs",
                "plan"));
        return RunningProgram.start(temp, all.toArray(String[]::new));
    }

    private static JsonNode get(RunningProgram program, String path) throws IOException, InterruptedException {
        return JSON.readTree(Shell.output("curl", "-sS", program.admin() + path));
    }

    private static JsonNode documented(String file) throws IOException {
        return JSON.readTree(Files.readString(Checkout.root()
                .resolve("conformance/src/test/resources/endpoints")
                .resolve(file)));
    }

    private static String dig(RunningProgram program, String name, String type)
            throws IOException, InterruptedException {
        return Shell.output("dig", "@127.0.0.1", "-p", Integer.toString(program.dnsPort()), "+short", "-t", type, name)
                .strip();
    }

    @Test
    void everyProcessAnswersAsDcosNetDid() throws Exception {
        try (RunningProgram standalone = start(
                "standalone",
                "standalone",
                "--apps",
                "examples",
                "--connection-zookeeper",
                "kafka=master.mesos:2181/dcos-service-{framework}")) {
            Await.until(
                    "the brokers", LIMIT, () -> !dig(standalone, BROKER, "A").isEmpty());
            try (RunningProgram node =
                    start("node", "node", "--node-id", "beside", "--zookeeper", standalone.ready("zookeeper"))) {
                Await.until("the same table", LIMIT, () -> get(node, "/v1/vips").equals(get(standalone, "/v1/vips")));
                for (RunningProgram program : List.of(standalone, node)) {
                    hostsAreWhatDnsAnswers(program);
                    servicesAreWhatDnsAnswers(program);
                    recordsAreWhatDnsAnswers(program);
                    aFrameworksConnectionIsWhatDcosPrinted(program, program == standalone);
                    assertEquals(
                            "l4lb", get(program, "/v1/version").path("Service").asText());
                }
            }
        }
    }

    private static void hostsAreWhatDnsAnswers(RunningProgram program) throws Exception {
        String expected = "[{\"host\":\"" + BROKER + "\",\"ip\":\"" + dig(program, BROKER, "A") + "\"}]";
        assertEquals(expected, get(program, "/v1/hosts/" + BROKER).toString());
        assertEquals(
                "[]",
                get(program, "/v1/hosts/none.kafka.l4lb.thisdcos.directory").toString());
        assertEquals("[]", get(program, "/v1/hosts/example.com").toString(), "another server's name");
        assertEquals("host", get(program, "/v1/hosts/a..b").path("field").asText());
    }

    private static void servicesAreWhatDnsAnswers(RunningProgram program) throws Exception {
        String name = "_9092._tcp." + BROKER;
        assertEquals("1 1 9092 " + BROKER + ".", dig(program, name, "SRV"));
        JsonNode service = get(program, "/v1/services/" + name).path(0);
        assertEquals(BROKER, service.path("host").asText());
        assertTrue(service.path("port").isInt(), "a number, as dcos-net wrote it");
        assertEquals(9092, service.path("port").asInt());
        assertEquals(name, service.path("service").asText());
        assertEquals(dig(program, BROKER, "A"), service.path("ip").asText());
        assertEquals("[]", get(program, "/v1/services/_1._tcp." + BROKER).toString());
    }

    private static void recordsAreWhatDnsAnswers(RunningProgram program) throws Exception {
        Set<String> types = new TreeSet<>();
        int ours = 0;
        for (JsonNode entry : get(program, "/v1/records")) {
            assertEquals(Set.of("name", "host", "rtype"), names(entry));
            types.add(entry.path("rtype").asText());
            String name = entry.path("name").asText();
            if (name.endsWith(".kafka.l4lb.thisdcos.directory")) {
                ours++;
                String host = entry.path("host").asText();
                String type = entry.path("rtype").asText();
                String answer = dig(program, name, type);
                if (type.equals("SRV")) {
                    String[] fields = answer.split(" ", -1);
                    answer = fields[3].substring(0, fields[3].length() - 1) + ":" + fields[2];
                }
                assertEquals(answer, host, name);
            }
        }
        assertTrue(ours >= 2, "an address and a port at least");
        assertTrue(types.containsAll(Set.of("A", "AAAA", "SRV")) && types.size() == 3, types.toString());
    }

    /** @param told whether the operator of this process said where its ZooKeeper is */
    private static void aFrameworksConnectionIsWhatDcosPrinted(RunningProgram program, boolean told) throws Exception {
        JsonNode connection = get(program, "/v1/services/kafka/connection");
        JsonNode documented = documented("dcos-kafka-connection.json");
        assertEquals(documented.path("address"), connection.path("address"));
        assertEquals(documented.path("vip"), connection.path("vip"));
        JsonNode shape = documented("broker.kafka.json");
        assertEquals(names(told ? documented : shape), names(connection));
        assertEquals(
                told ? documented.path("zookeeper").asText() : "",
                connection.path("zookeeper").asText());
        // The tasks' names are of the later documentation, their ports of the earlier one; one has no name here.
        Set<String> expected = new TreeSet<>();
        shape.path("dns").forEach(name -> expected.add(host(name.asText())));
        expected.removeIf(name -> name.startsWith("kafka-1-broker."));
        Set<String> found = new TreeSet<>();
        connection.path("dns").forEach(name -> found.add(host(name.asText())));
        assertEquals(expected, found);
        JsonNode unknown = get(program, "/v1/services/nobody/connection");
        assertEquals(404, unknown.path("status").asInt());
        assertFalse(unknown.path("detail").asText().isEmpty());
    }

    private static String host(String endpoint) {
        return endpoint.substring(0, endpoint.lastIndexOf(':'));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
