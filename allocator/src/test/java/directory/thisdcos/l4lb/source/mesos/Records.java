package directory.thisdcos.l4lb.source.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.source.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Records of a master's stream; single quotes stand for double ones. */
public final class Records {
    public static final String EMPTY = subscribed("");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Records() {}

    /** @param state the fields of {@code get_state} */
    public static String subscribed(String state) {
        return "{'type':'SUBSCRIBED','subscribed':{'get_state':{" + state + "},'heartbeat_interval_seconds':15.0}}";
    }

    /** A state with the framework f1 (kafka), and lists of agents, recovered agents and tasks. */
    public static String cluster(String agents, String recovered, String tasks) {
        return subscribed("'get_tasks':{'tasks':[" + tasks + "]},'get_executors':{'executors':[{'a':[1,2]}]},"
                + "'get_frameworks':{'frameworks':[{'framework_info':{'name':'kafka','id':{'value':'f1'}}}]},"
                + "'get_agents':{'agents':[" + agents + "],'recovered_agents':[" + recovered + "]}");
    }

    public static String agent(String id, String hostname, String pid) {
        return "{'agent_info':{'id':{'value':'" + id + "'},'hostname':'" + hostname + "'}"
                + (pid.isEmpty() ? "" : ",'pid':'slave(1)@" + pid + ":5051'") + ",'active':true}";
    }

    public static String recoveredAgent(String id, String hostname) {
        return "{'id':{'value':'" + id + "'},'hostname':'" + hostname + "','port':5051}";
    }

    /** A task of f1 with the VIP {@code broker:9092} on a host port. */
    public static String task(String id, String agent, String state, int port, double time) {
        return "{'name':'broker','task_id':{'value':'" + id + "'},'framework_id':{'value':'f1'},'agent_id':{'value':'"
                + agent + "'},'state':'" + state + "','command':{'value':'run','environment':{'x':[1,{}]}},"
                + "'statuses':[" + (time > 0 ? status(id, state, time, "") : "") + "],"
                + "'discovery':{'name':'broker','ports':{'ports':[{'number':" + port + ",'name':'kafka',"
                + "'protocol':'tcp','labels':{'labels':[{'key':'VIP_0','value':'broker:9092'},"
                + "{'key':'network-scope','value':'host'}]}}]}}}";
    }

    public static String status(String id, String state, double time, String more) {
        return "{'task_id':{'value':'" + id + "'},'state':'" + state + "','timestamp':" + time
                + ",'source':'SOURCE_EXECUTOR'" + more + "}";
    }

    public static String added(String task) {
        return "{'type':'TASK_ADDED','task_added':{'task':" + task + "}}";
    }

    public static String updated(String id, String state, double time, String more) {
        return "{'type':'TASK_UPDATED','task_updated':{'framework_id':{'value':'f1'},'status':"
                + status(id, state, time, more) + ",'state':'" + state + "'}}";
    }

    public static String agentAdded(String agent) {
        return "{'type':'AGENT_ADDED','agent_added':{'agent':" + agent + "}}";
    }

    public static String agentRemoved(String id) {
        return "{'type':'AGENT_REMOVED','agent_removed':{'agent_id':{'value':'" + id + "'}}}";
    }

    public static final String HEARTBEAT = "{'type':'HEARTBEAT'}";

    public static byte[] framed(List<String> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String record : records) {
            byte[] octets = record.replace('\'', '"').getBytes(UTF_8);
            out.writeBytes((octets.length + "\n").getBytes(UTF_8));
            out.writeBytes(octets);
        }
        return out.toByteArray();
    }

    /** A file of the corpus as the records of a stream: an array of them, an answer, or RecordIO. */
    public static List<String> ofCorpus(Corpus.Entry entry) throws IOException {
        byte[] octets = Files.readAllBytes(entry.path());
        List<String> records = new ArrayList<>();
        if (entry.file().endsWith(".recordio")) {
            RecordIo reader = new RecordIo(new java.io.ByteArrayInputStream(octets), octets.length);
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                records.add(new String(next.get().readAllBytes(), UTF_8).replace('\'', ' '));
            }
        } else {
            JsonNode document = MAPPER.readTree(octets);
            if (document.isArray()) {
                document.forEach(record -> records.add(record.toString().replace('\'', ' ')));
            } else {
                String state = document.get("get_state").toString().replace('\'', ' ');
                records.add("{'type':'SUBSCRIBED','subscribed':{'get_state':" + state + "}}");
            }
        }
        if (!records.get(0).contains("SUBSCRIBED")) {
            records.add(0, EMPTY);
        }
        return records;
    }
}
