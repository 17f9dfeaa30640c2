package directory.thisdcos.l4lb.source.mesos;

import static directory.thisdcos.l4lb.source.mesos.Records.HEARTBEAT;
import static directory.thisdcos.l4lb.source.mesos.Records.added;
import static directory.thisdcos.l4lb.source.mesos.Records.agent;
import static directory.thisdcos.l4lb.source.mesos.Records.agentAdded;
import static directory.thisdcos.l4lb.source.mesos.Records.agentRemoved;
import static directory.thisdcos.l4lb.source.mesos.Records.cluster;
import static directory.thisdcos.l4lb.source.mesos.Records.recoveredAgent;
import static directory.thisdcos.l4lb.source.mesos.Records.status;
import static directory.thisdcos.l4lb.source.mesos.Records.task;
import static directory.thisdcos.l4lb.source.mesos.Records.updated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Documents;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MirrorFeedTest {
    private static final String S1 = agent("s1", "10.0.0.1", "10.0.0.1");
    private static final String S2 = agent("s2", "node2.no", "10.0.0.2");
    private static final String T1 = task("t1", "s1", "TASK_RUNNING", 1001, 100);
    private static final String T2 = task("t2", "s2", "TASK_RUNNING", 1002, 100);
    private static final String BOTH = cluster(S1 + "," + S2, "", T1 + "," + T2);
    private static final List<String> BACKENDS = List.of("10.0.0.1:1001 w=1 unchecked", "10.0.0.2:1002 w=1 unchecked");

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration TIMEOUT = MesosSettings.DEFAULT.agentTimeout();
    private static final Duration SETTLE = MesosSettings.DEFAULT.taskSettle();

    @Test
    void aTasksLife() {
        Stream stream = Stream.of(cluster(S1, "", ""));
        assertTrue(stream.complete());
        stream.events(added(task("t", "s1", "TASK_STAGING", 1001, 0)));
        assertEquals(List.of("t not-running"), stream.excluded());
        assertEquals(List.of("broker.kafka.l4lb.thisdcos.directory:9092/tcp"), Documents.vips(stream.declared()));
        stream.events(updated("t", "TASK_RUNNING", 1, ""));
        assertEquals(List.of("10.0.0.1:1001 w=1 unchecked"), stream.backends());
        assertEquals(List.of(), stream.excluded());
        stream.events(updated("t", "TASK_RUNNING", 2, ",'healthy':false"));
        assertEquals(List.of("10.0.0.1:1001 w=0 unhealthy"), stream.backends());
        stream.events(updated("t", "TASK_KILLING", 3, ",'healthy':true"));
        assertEquals(List.of("10.0.0.1:1001 w=0 draining"), stream.backends());
        stream.events(updated("t", "TASK_KILLED", 4, ""));
        assertEquals(0, stream.declared().services().size());
        stream.events(added(task("t", "s1", "TASK_RUNNING", 1001, 2)), updated("t", "TASK_RUNNING", 2, ""));
        assertEquals(0, stream.declared().services().size(), "what is over stays over");
    }

    @Test
    void anOldUpdateChangesNothing() {
        Stream stream = Stream.of(BOTH)
                .events(updated("t1", "TASK_RUNNING", 200, ",'healthy':false"), updated("t1", "TASK_STARTING", 50, ""));
        assertEquals(List.of("10.0.0.1:1001 w=0 unhealthy", BACKENDS.get(1)), stream.backends());
    }

    @Test
    void theMastersClockIsNotTheAgents() {
        Stream stream = Stream.of(BOTH)
                .events("{'type':'TASK_UPDATED','task_updated':{'framework_id':{'value':'f1'},'status':{'task_id':"
                        + "{'value':'t1'},'state':'TASK_UNREACHABLE','source':'SOURCE_MASTER','timestamp':50},"
                        + "'state':'TASK_UNREACHABLE'}}");
        assertEquals(BACKENDS.subList(1, 2), stream.backends());
        assertEquals(List.of("t1 agent-unreachable"), stream.excluded());
    }

    @Test
    void theLatestStateCountsMoreThanTheStatus() {
        Stream stream = Stream.of(BOTH)
                .events("{'type':'TASK_UPDATED','task_updated':{'framework_id':{'value':'f1'},'status':"
                        + status("t1", "TASK_RUNNING", 101, "") + ",'state':'TASK_FAILED'}}");
        assertEquals(BACKENDS.subList(1, 2), stream.backends());
    }

    @Test
    void aStatusWithoutAddressesKeepsThoseThatWereTold() {
        String overlay = T1.replace("'value':'host'", "'value':'container'")
                .replace(
                        "'statuses':[",
                        "'statuses':[{'timestamp':1,'state':'TASK_RUNNING','container_status':"
                                + "{'network_infos':[{'ip_addresses':[{'ip_address':'9.0.0.1'}]}]}},")
                .replace("," + status("t1", "TASK_RUNNING", 100, ""), "");
        Stream stream = Stream.of(cluster(S1, "", overlay));
        assertEquals(List.of("9.0.0.1:1001 w=1 unchecked"), stream.backends());
        stream.events(updated("t1", "TASK_RUNNING", 200, ",'healthy':true"));
        assertEquals(List.of("9.0.0.1:1001 w=1 healthy"), stream.backends());
        stream.events(updated(
                "t1",
                "TASK_RUNNING",
                300,
                ",'container_status':{'network_infos':[{'ip_addresses':[{'ip_address':'9.0.0.2'}]}]}"));
        assertEquals(List.of("9.0.0.2:1001 w=1 unchecked"), stream.backends());
    }

    @Test
    void aRemovedAgentIsUnreachableAndMayComeBack() {
        Stream stream = Stream.of(BOTH).events(agentRemoved("s1"));
        assertEquals(BACKENDS.subList(1, 2), stream.backends());
        assertEquals(List.of("t1 agent-unreachable"), stream.excluded());
        stream.events(agentAdded(S1));
        assertEquals(BACKENDS, stream.backends());
        stream.events(agentRemoved("s1"), agentRemoved("unknown"));
        stream.feed.tick(in(TIMEOUT.minusSeconds(5)));
        assertEquals(List.of("t1 agent-unreachable"), stream.excluded());
        stream.feed.tick(in(TIMEOUT));
        assertEquals(List.of(), stream.excluded());
        assertEquals(Set.of(Ip.of("10.0.0.2")), stream.declared().nodes());
    }

    @Test
    void afterAChangeOfMasterNothingIsWithdrawnUntilAgentsCameBack() {
        Stream stream = Stream.of(BOTH);
        stream.then(cluster("", recoveredAgent("s1", "10.0.0.1") + "," + recoveredAgent("s2", "node2.no"), ""));
        assertEquals(BACKENDS, stream.backends());
        assertEquals(2, stream.declared().nodes().size());

        stream.events(agentAdded(S1), added(T1), agentAdded(S2));
        assertEquals(BACKENDS, stream.backends());
        stream.feed.tick(in(SETTLE.minusSeconds(5)));
        assertEquals(BACKENDS, stream.backends(), "its tasks may be told a little later");
        stream.feed.tick(in(SETTLE));
        assertEquals(BACKENDS.subList(0, 1), stream.backends(), "s2 came back without t2");
    }

    @Test
    void anAgentThatDoesNotComeBackIsGivenUp() {
        Stream stream = Stream.of(BOTH);
        stream.then(cluster("", recoveredAgent("s1", "10.0.0.1") + "," + recoveredAgent("s2", "node2.no"), ""));
        stream.events(agentRemoved("s1"));
        assertEquals(BACKENDS.subList(1, 2), stream.backends(), "the master itself gave it up");
        stream.feed.tick(in(TIMEOUT.minusSeconds(5)));
        assertEquals(BACKENDS.subList(1, 2), stream.backends());
        stream.feed.tick(in(TIMEOUT));
        assertEquals(List.of(), stream.backends());
        assertTrue(
                stream.excluded().contains("t2 agent-unreachable"),
                () -> stream.excluded().toString());
    }

    @Test
    void aSecondChangeOfMasterBeginsAnew() {
        Stream stream = Stream.of(BOTH);
        String s2Awaited = cluster(S1, recoveredAgent("s2", "node2.no"), T1);
        stream.then(s2Awaited)
                .then(cluster("", recoveredAgent("s1", "10.0.0.1"), ""))
                .then(s2Awaited);
        assertEquals(BACKENDS.subList(0, 1), stream.backends(), "the master between did not know s2");
        stream.then(BOTH);
        assertEquals(BACKENDS, stream.backends());
    }

    @Test
    void aFirstStateWithRecoveredAgentsIsNotEverything() {
        Stream stream = Stream.of(cluster(S1, recoveredAgent("s2", "node2.no"), T1));
        assertFalse(stream.complete());
        stream.events(agentAdded(S2), added(T2));
        stream.feed.tick(in(MOMENT));
        assertFalse(stream.complete());
        stream.feed.tick(in(SETTLE));
        assertTrue(stream.complete());
        assertEquals(BACKENDS, stream.backends());
    }

    @Test
    void unreachableTasksKeepTheirNamesForAWhile() {
        String unreachable =
                "'get_frameworks':{'frameworks':[{'framework_info':{'name':'kafka','id':{'value':'f1'}}}]},"
                        + "'get_tasks':{'unreachable_tasks':[" + task("t1", "s1", "TASK_UNREACHABLE", 1001, 100_000)
                        + ","
                        + task("t2", "s1", "TASK_UNREACHABLE", 1001, 10) + "]}";
        Stream stream = new Stream(MesosSettings.DEFAULT, InstantSource.fixed(Instant.ofEpochSecond(100_000 + 60)));
        stream.then(Records.subscribed(unreachable));
        assertEquals(List.of("t1 agent-unreachable"), stream.excluded());
        stream.feed.tick(in(TIMEOUT));
        assertEquals(List.of(), stream.excluded());
    }

    @Test
    void oneTaskIdInTwoFrameworks() {
        String other = T1.replace("'f1'", "'f2'").replace("1001", "1009");
        Stream stream = Stream.of(BOTH)
                .events(
                        "{'type':'FRAMEWORK_ADDED','framework_added':{'framework':{'framework_info':"
                                + "{'name':'other','id':{'value':'f2'}}}}}",
                        added(other));
        assertEquals(2, stream.declared().services().size());
        stream.events("{'type':'FRAMEWORK_UPDATED','framework_updated':{'framework':{'framework_info':"
                + "{'name':'renamed','id':{'value':'f2'}}}}}");
        assertTrue(Documents.vips(stream.declared()).contains("broker.renamed.l4lb.thisdcos.directory:9092/tcp"));
        stream.events("{'type':'FRAMEWORK_REMOVED','framework_removed':{'framework_info':{'name':'renamed',"
                + "'id':{'value':'f2'}}}}");
        assertEquals(1, stream.declared().services().size());
        assertEquals(BACKENDS, stream.backends());
    }

    @Test
    void aTaskOfAnUnknownFrameworkWaits() {
        Stream stream = Stream.of(BOTH).events(added(T1.replace("'f1'", "'f9'").replace("'t1'", "'t9'")));
        assertEquals(List.of("t9 malformed"), stream.excluded());
        assertEquals(BACKENDS, stream.backends());
    }

    @Test
    void whatIsOfNoUseIsCounted() {
        Stream stream = Stream.of(BOTH)
                .events(
                        HEARTBEAT,
                        "{'type':'NEW_EVENT','new_event':{'x':[{}]}}",
                        "{}",
                        "[]",
                        "'text'",
                        "{'type':'TASK_ADDED','task_added':{'task':{'name':'plain','task_id':{'value':'p'}}}}",
                        "{'type':'TASK_ADDED','task_added':{}}",
                        "{'type':'TASK_ADDED','task_added':7}",
                        "{'type':'TASK_UPDATED','task_updated':{'status':[]}}",
                        "{'type':'TASK_UPDATED','task_updated':{'status':{'task_id':{'value':7}}}}",
                        "{'type':'AGENT_ADDED','agent_added':{'agent':{'agent_info':{'hostname':1}}}}",
                        "{'type':'AGENT_REMOVED','agent_removed':{}}",
                        "{'type':'FRAMEWORK_ADDED','framework_added':{'framework':'f'}}",
                        "{'type':'FRAMEWORK_REMOVED','framework_removed':[]}");
        assertEquals(BACKENDS, stream.backends());
        assertTrue(ignored(stream) >= 8, () -> stream.registry.scrape().toString());
    }

    private static double ignored(Stream stream) {
        return stream.registry.scrape(name -> name.equals("l4lb_mesos_ignored")).stream()
                .flatMap(metric -> ((CounterSnapshot) metric).getDataPoints().stream())
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    @Test
    void wrongTypesInATaskCostOnlyThemselves() {
        String odd = "{'name':7,'task_id':{'value':'odd'},'framework_id':{'value':'f1'},'agent_id':['s1'],"
                + "'state':'TASK_RUNNING','statuses':[3,{'timestamp':'x','container_status':[]}],'labels':[],"
                + "'container':{'type':5,'network_infos':{}},'discovery':{'ports':{'ports':[7,{'number':70000,"
                + "'labels':{'labels':[{'key':'VIP_0','value':'a:1'}]}},{'number':80,'protocol':['tcp'],'labels':"
                + "{'labels':[5,{'key':'VIP_0','value':'b:2'},{'key':'VIP_1','value':{}}]}}]}}}";
        Stream stream =
                Stream.of(cluster(S1 + "," + S2 + ",{'agent_info':7},5", "7", T1 + "," + odd + "," + T2 + ",5"));
        assertEquals(BACKENDS, stream.backends());
        assertTrue(
                stream.excluded().contains("odd no-port"),
                () -> stream.exclusions().toString());
    }
}
