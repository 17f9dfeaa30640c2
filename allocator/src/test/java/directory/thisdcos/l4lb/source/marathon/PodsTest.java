package directory.thisdcos.l4lb.source.marathon;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.marathon;
import static directory.thisdcos.l4lb.source.Documents.problems;
import static directory.thisdcos.l4lb.source.Documents.vips;
import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Exclusion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodsTest {
    private static final String ZONE = ".marathon.l4lb.thisdcos.directory:";

    @Test
    void hostNetworkTakesTheAllocatedPorts() {
        Declarations declared = marathon(pod(
                "'networks':[{'mode':'host'}],'containers':[{'name':'a','endpoints':[{'name':'web','hostPort':0,"
                        + "'protocol':['tcp','udp'],'labels':{'VIP_0':'/web:80'}},{'name':'other','hostPort':0}]},"
                        + "{'name':'b','endpoints':[{'name':'web','hostPort':0,'labels':{'VIP_0':'b:81'}}]}]",
                instance(
                        "1",
                        "'networks':[]",
                        "{'name':'a','status':'TASK_RUNNING','endpoints':[{'name':'other','allocatedHostPort':1},"
                                + "{'name':'web','allocatedHostPort':31000}]},{'name':'b','status':'TASK_RUNNING',"
                                + "'endpoints':[{'name':'web','allocatedHostPort':31001}]}")));
        assertEquals(List.of("b" + ZONE + "81/tcp", "web" + ZONE + "80/tcp", "web" + ZONE + "80/udp"), vips(declared));
        assertEquals(
                List.of("10.0.0.5:31000 w=1 unchecked", "10.0.0.5:31000 w=1 unchecked", "10.0.0.5:31001 w=1 unchecked"),
                backends(declared));
        assertEquals(List.of(), problems(declared));
    }

    @Test
    void containerNetworkIsReachedAtItsAddress() {
        Declarations declared = marathon(pod(
                "'networks':[{'mode':'container','name':'n1'},{'mode':'container','name':'n2'}],'containers':["
                        + "{'name':'a','endpoints':[{'name':'in','containerPort':80,'networkNames':['n2'],"
                        + "'labels':{'VIP_0':'in:80'}},{'name':'out','containerPort':81,'hostPort':0,"
                        + "'labels':{'VIP_0':'out:80'}}]}]",
                instance(
                        "1",
                        "'networks':[{'name':'n1','addresses':['9.0.0.2']},"
                                + "{'name':'n2','addresses':['9.1.0.2','fd01:b::2','bad']}]",
                        "{'name':'a','status':'TASK_RUNNING','endpoints':[{'name':'in'},"
                                + "{'name':'out','allocatedHostPort':31000}]}")));
        assertEquals(
                List.of(
                        "10.0.0.5:31000/9.0.0.2:81 w=1 unchecked",
                        "9.1.0.2:80 w=1 unchecked",
                        "[fd01:b::2]:80 w=1 unchecked"),
                backends(declared));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'status':'TASK_RUNNING' | 'healthy':true  | w=1 healthy",
                "'status':'TASK_RUNNING' | 'healthy':false | w=0 unhealthy",
                "'status':'TASK_RUNNING' | 'x':1           | w=0 pending",
                "'status':'TASK_RUNNING','conditions':[{'name':'healthy','value':'false'}] | 'x':1 | w=0 unhealthy",
                "'status':'TASK_RUNNING','conditions':[{'name':'healthy','value':'true'}]  | 'x':1 | w=1 healthy",
                "'status':'TASK_KILLING' | 'healthy':true  | w=0 draining",
                "'status':'TASK_STAGING' | 'x':1           | not-running",
                "'status':'TASK_UNREACHABLE' | 'x':1       | agent-unreachable",
                "'status':'TASK_FAILED'  | 'x':1           | not-running"
            })
    void stateAndHealth(String container, String endpoint, String expected) {
        Declarations declared = marathon(pod(
                "'containers':[{'name':'a','healthCheck':{'http':{}},'endpoints':[{'name':'web','hostPort':0,"
                        + "'labels':{'VIP_0':'a:80'}}]}]",
                instance(
                        "1",
                        "'networks':[]",
                        "{'name':'a'," + container + ",'endpoints':[{'name':'web','allocatedHostPort':31000," + endpoint
                                + "}]}")));
        if (expected.startsWith("w=")) {
            assertEquals(List.of("10.0.0.5:31000 " + expected), backends(declared));
        } else {
            assertEquals(List.of(), backends(declared));
            assertEquals(
                    List.of(expected),
                    declared.exclusions().stream()
                            .map(exclusion -> exclusion.reason().text())
                            .toList());
        }
    }

    @Test
    void aTerminalInstanceIsOver() {
        Declarations declared = marathon(pod(
                "'containers':[{'name':'a','endpoints':[{'name':'web','hostPort':0,'labels':{'VIP_0':'a:80'}}]}]",
                "{'id':'p.1','status':'TERMINAL','agentHostname':'10.0.0.5','containers':[{'name':'a',"
                        + "'status':'TASK_RUNNING','endpoints':[{'name':'web','allocatedHostPort':31000}]}]}"));
        assertEquals(List.of(), backends(declared));
        assertEquals(List.of("a" + ZONE + "80/tcp"), vips(declared));
    }

    @Test
    void anAppSaysWhyATaskOrALabelIsNoBackend() {
        Declarations declared = marathon("{'id':'/a','portDefinitions':[{'name':'web','labels':{'VIP_0':'a:80',"
                + "'VIP_1':'noport'}}],'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000],'state':'TASK_STAGING'},"
                + "{'id':'a.2','host':'no.such.host','ports':[31000],'state':'TASK_RUNNING'},"
                + "{'id':'a.3','host':'10.0.0.5','ports':[],'state':'TASK_RUNNING'},"
                + "{'id':'a.4','host':'10.0.0.5','ports':[1],'state':'TASK_UNREACHABLE'}]}");
        assertEquals(
                List.of(
                        "/a  portDefinitions[0].labels.VIP_1 LABEL -",
                        "/a a.1 web NOT_RUNNING a" + ZONE + "80/tcp",
                        "/a a.2 web NO_ADDRESS a" + ZONE + "80/tcp",
                        "/a a.3 web NO_PORT a" + ZONE + "80/tcp",
                        "/a a.4 web AGENT_UNREACHABLE a" + ZONE + "80/tcp"),
                declared.exclusions().stream().map(PodsTest::text).toList());
    }

    private static String text(Exclusion exclusion) {
        return exclusion.owner() + " " + exclusion.task() + " " + exclusion.port() + " " + exclusion.reason() + " "
                + exclusion.service().map(Object::toString).orElse("-");
    }

    private static String pod(String spec, String instances) {
        return "{'id':'/p','spec':{'id':'/p'," + spec + "},'status':'STABLE','instances':[" + instances + "]}";
    }

    private static String instance(String id, String networks, String containers) {
        return "{'id':'p.instance-" + id + "','status':'STABLE','agentHostname':'10.0.0.5'," + networks
                + ",'containers':[" + containers + "]}";
    }
}
