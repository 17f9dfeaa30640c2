package directory.thisdcos.l4lb.source.mesos;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.mesos;
import static directory.thisdcos.l4lb.source.Documents.problems;
import static directory.thisdcos.l4lb.source.Documents.vips;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Corpus;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Exclusion;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MesosStateTest {
    private static final String ZONE = ".kafka.l4lb.thisdcos.directory:";

    static List<Corpus.Entry> states() {
        // Streams of records are read by their own tests; what is folded here has a state as its first record.
        return Corpus.in("mesos").stream()
                .filter(entry -> entry.file().endsWith(".json") && !entry.file().contains("events"))
                .toList();
    }

    /** dcos-net's rules; the streams are folded to the state that a master would answer after them. */
    @ParameterizedTest
    @MethodSource("states")
    void givesTheVipsAndBackendsOfTheIndex(Corpus.Entry entry) throws Exception {
        JsonNode document = new ObjectMapper().readTree(Files.readAllBytes(entry.path()));
        Declarations declared = mesos(
                (document.isArray() ? folded(document) : document).toString().replace('\'', ' '));
        assertEquals(entry.vips(), Corpus.vips(declared));
        assertEquals(entry.backends(), Corpus.backends(declared));
        assertEquals(List.of(), problems(declared));
    }

    private static JsonNode folded(JsonNode records) {
        ObjectNode answer = new ObjectMapper().createObjectNode();
        Map<String, ObjectNode> tasks = new LinkedHashMap<>();
        for (JsonNode record : records) {
            switch (record.get("type").asText()) {
                case "SUBSCRIBED" -> answer.set("get_state", record.at("/subscribed/get_state"));
                case "TASK_ADDED" ->
                    tasks.put(record.at("/task_added/task/task_id/value").asText(), (ObjectNode)
                            record.at("/task_added/task"));
                case "TASK_UPDATED" -> {
                    ObjectNode task = tasks.get(
                            record.at("/task_updated/status/task_id/value").asText());
                    if (task != null) {
                        task.set("state", record.at("/task_updated/state"));
                        task.withArray("statuses").add(record.at("/task_updated/status"));
                    }
                }
                case "FRAMEWORK_ADDED" ->
                    ((ArrayNode) answer.at("/get_state/get_frameworks/frameworks"))
                            .add(record.at("/framework_added/framework"));
                default -> {}
            }
        }
        ((ObjectNode) answer.at("/get_state/get_tasks")).putArray("tasks").addAll(tasks.values());
        return answer;
    }

    private static String state(String... tasks) {
        return "{'type':'GET_STATE','get_state':{'get_frameworks':{'frameworks':[{'framework_info':{'name':'kafka',"
                + "'id':{'value':'f1'}}}]},'get_agents':{'agents':["
                + "{'agent_info':{'id':{'value':'s1'},'hostname':'10.0.0.1'},'pid':'slave(1)@10.9.9.9:5051'},"
                + "{'agent_info':{'id':{'value':'s2'},'hostname':'node2.no'},'pid':'slave(1)@10.0.0.2:5051'},"
                + "{'agent_info':{'id':{'value':'s3'},'hostname':'node3.no'}}]},"
                + "'get_tasks':{'tasks':[" + String.join(",", tasks) + "]}}}";
    }

    private static String task(String agent, String fields, String port) {
        return "{'task_id':{'value':'t1'},'name':'kafka-0','framework_id':{'value':'f1'},'agent_id':{'value':'" + agent
                + "'},'state':'TASK_RUNNING','discovery':{'ports':{'ports':[" + port + "]}}," + fields + "}";
    }

    private static String status(String... ips) {
        return "'statuses':[{'timestamp':2.0,'container_status':{'network_infos':[{'ip_addresses':["
                + String.join(
                        ",",
                        List.of(ips).stream()
                                .map(ip -> "{'ip_address':'" + ip + "'}")
                                .toList())
                + "]}]}},{'timestamp':1.0,'healthy':false}]";
    }

    private static String port(int number, String vip, String more) {
        return "{'number':" + number + ",'protocol':'tcp','labels':{'labels':[{'key':'VIP_1','value':'" + vip + "'}"
                + more + "]}}";
    }

    private static final String HOST_SCOPE = ",{'key':'network-scope','value':'host'}";

    @Test
    void hostScopeIsTheAgentsPort() {
        Declarations declared = mesos(state(
                task("s1", status("9.0.0.1"), port(1025, "broker:9092", HOST_SCOPE)),
                task("s2", status("9.0.0.2"), port(1025, "broker:9092", HOST_SCOPE)),
                task("s3", status("9.0.0.3"), port(1025, "broker:9092", HOST_SCOPE)),
                task("s9", status("9.0.0.3"), port(1025, "broker:9092", HOST_SCOPE))));
        assertEquals(List.of("broker" + ZONE + "9092/tcp"), vips(declared));
        assertEquals(List.of("10.0.0.1:1025 w=1 unchecked", "10.0.0.2:1025 w=1 unchecked"), backends(declared));
        assertEquals(
                List.of(
                        "unresolved-host state.json: t1 get_state.get_tasks.tasks[2]",
                        "unresolved-host state.json: t1 get_state.get_tasks.tasks[3]"),
                problems(declared));
        assertEquals(Set.of(Ip.of("10.0.0.1"), Ip.of("10.0.0.2")), declared.nodes());
    }

    @Test
    void mappingsMeetDiscoveryPorts() {
        String mapping = "[{'port_mappings':[{'container_port':80,'host_port':31000,'protocol':'TCP'}]}]";
        String ucr = "'container':{'type':'MESOS','network_infos':" + mapping + "}," + status("172.31.0.2");
        String docker = "'container':{'type':'DOCKER','docker':{'port_mappings':[{'container_port':80,"
                + "'host_port':31001}]}}," + status("172.17.0.2");
        assertEquals(
                List.of("10.0.0.1:31000/172.31.0.2:80 w=1 unchecked", "10.0.0.1:31001 w=1 unchecked"),
                backends(mesos(state(
                        task("s1", ucr, port(31000, "a:80", HOST_SCOPE)), task("s1", docker, port(80, "a:80", ""))))));
    }

    @Test
    void podMappingsStandInTheStatus() {
        String fields = "'statuses':[{'container_status':{'network_infos':[{'ip_addresses':[{'ip_address':'9.0.0.5'}],"
                + "'port_mappings':[{'container_port':80,'host_port':31000}]}]}}]";
        assertEquals(
                List.of("10.0.0.1:31000/9.0.0.5:80 w=1 unchecked"),
                backends(mesos(state(task("s1", fields, port(80, "a:80", ""))))));
    }

    @Test
    void fixedVipTakesItsFamilyAndNamesTakeBoth() {
        String both = status("9.0.0.1", "fd01:b::1", "");
        assertEquals(
                List.of("9.0.0.1:80 w=1 unchecked", "[fd01:b::1]:80 w=1 unchecked"),
                backends(mesos(state(task("s1", both, port(80, "a:80", ""))))));
        assertEquals(
                List.of("[fd01:b::1]:80 w=1 unchecked"),
                backends(mesos(state(task("s1", both, port(80, "fd01:c::1:80", ""))))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TASK_RUNNING  | 'healthy':true  | ''                  | w=1 healthy",
                "TASK_RUNNING  | 'healthy':false | ''                  | w=0 unhealthy",
                "TASK_RUNNING  | 'x':1           | 'health_check':{}   | w=0 pending",
                "TASK_RUNNING  | 'x':1           | 'y':1               | w=1 unchecked",
                "TASK_KILLING  | 'healthy':true  | 'y':1               | w=0 draining",
                "TASK_STAGING  | 'healthy':true  | 'y':1               | none",
                "TASK_FINISHED | 'healthy':true  | 'y':1               | gone"
            })
    void stateAndHealthGiveTheWeight(String state, String statusField, String taskField, String expected) {
        Declarations declared = mesos(state("{'task_id':{'value':'t1'},'framework_id':{'value':'f1'},'agent_id':"
                + "{'value':'s1'},'state':'" + state + "'," + (taskField.equals("''") ? "'y':1" : taskField)
                + ",'discovery':{'ports':{'ports':[" + port(80, "a:80", "") + "]}},'statuses':[{'timestamp':1,"
                + statusField
                + ",'container_status':{'network_infos':[{'ip_addresses':[{'ip_address':'9.0.0.1'}]}]}}]}"));
        assertEquals(expected.equals("gone") ? 0 : 1, declared.services().size());
        boolean isBackend = expected.startsWith("w=");
        assertEquals(isBackend ? List.of("9.0.0.1:80 " + expected) : List.of(), backends(declared));
    }

    @Test
    void oneBadPortCostsOnlyItself() {
        String ports = "{'number':1,'labels':{'labels':[{'key':'VIP_0','value':'noprotocol:80'}]}},"
                + port(2, "scope:80", ",{'key':'network-scope','value':'odd'}") + ","
                + port(0, "zero:80", "") + ","
                + "{'number':3,'protocol':'tcp,udp','labels':{'labels':[{'key':'VIP_0','value':'p:80'}]}},"
                + port(4, "nonumber", "") + ",7," + port(5, "good:80", "");
        Declarations declared = mesos(state(
                task("s1", status("9.0.0.1") + ",'labels':{'labels':[{'key':'vip_port7','value':'tcp://x:1'}]}", ports),
                task("s1", "'statuses':[]", port(6, "good:81", "")),
                "{'task_id':{'value':'t2'},'framework_id':{'value':'other'}}"));
        assertEquals(
                List.of("good" + ZONE + "80/tcp", "good" + ZONE + "81/tcp", "noprotocol" + ZONE + "80/tcp"),
                vips(declared));
        assertEquals(List.of("9.0.0.1:1 w=1 unchecked", "9.0.0.1:5 w=1 unchecked"), backends(declared));
        assertEquals(7, declared.problems().size(), () -> String.join("\n", problems(declared)));
    }

    @Test
    void whatIsOnAnUnreachableAgentIsNoBackend() {
        Declarations declared = mesos(
                state(task("s1", status("9.0.0.1"), port(80, "a:80", ""))).replace("'tasks':", "'unreachable_tasks':"));
        assertEquals(List.of("a" + ZONE + "80/tcp"), vips(declared));
        assertEquals(List.of(), backends(declared));
        assertEquals(
                Exclusion.Reason.AGENT_UNREACHABLE, declared.exclusions().get(0).reason());
    }
}
