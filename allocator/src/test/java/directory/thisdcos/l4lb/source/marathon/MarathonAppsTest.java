package directory.thisdcos.l4lb.source.marathon;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.marathon;
import static directory.thisdcos.l4lb.source.Documents.problems;
import static directory.thisdcos.l4lb.source.Documents.vips;
import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.source.Declarations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarathonAppsTest {
    private static final String ZONE = ".marathon.l4lb.thisdcos.directory:";

    @Test
    void hostNetworkingTakesPortsInOrder() {
        Declarations declared = marathon("{'id':'/a','portDefinitions':[{'port':0,'labels':null},"
                + "{'labels':{'VIP_0':'/a:80','Vip_x':'b:81','HTTP':'c:82'}}],"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000,31001],'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("a" + ZONE + "80/tcp", "b" + ZONE + "81/tcp"), vips(declared));
        assertEquals(List.of("10.0.0.5:31001 w=1 unchecked", "10.0.0.5:31001 w=1 unchecked"), backends(declared));
        assertEquals(List.of(), problems(declared));
    }

    @Test
    void udpAndTcpAreTwoServices() {
        Declarations declared =
                marathon("{'id':'/a','portDefinitions':[{'protocol':'UDP, tcp','labels':{'vip':'a:53'}},"
                        + "{'protocol':'http','labels':{'VIP_0':'x:80'}}]}");
        assertEquals(List.of("a" + ZONE + "53/tcp", "a" + ZONE + "53/udp"), vips(declared));
        assertEquals(List.of("unknown-protocol app.json: /a portDefinitions[1].protocol"), problems(declared));
    }

    @Test
    void mesosBridgeKeepsTheContainerBehindTheHostPort() {
        Declarations declared = marathon("{'id':'/a','networks':[{'mode':'container/bridge'}],'container':{"
                + "'type':'MESOS','portMappings':[{'containerPort':1},{'containerPort':80,'hostPort':0,"
                + "'labels':{'VIP_0':'/a:80'}}]},'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000,31001],"
                + "'ipAddresses':[{'ipAddress':'172.17.0.2','protocol':'IPv4'}],'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("10.0.0.5:31001/172.17.0.2:80 w=1 unchecked"), backends(declared));
    }

    @Test
    void dockerBridgeIsReachedAtTheHostPortOnly() {
        Declarations declared = marathon("{'id':'/a','container':{'docker':{'network':'BRIDGE','portMappings':["
                + "{'containerPort':80,'hostPort':0,'labels':{'VIP_0':'/a:80'}}]}},'tasks':[{'id':'a.1',"
                + "'host':'10.0.0.5','ports':[31001],'ipAddresses':[{'ipAddress':'172.17.0.2'}],"
                + "'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("10.0.0.5:31001 w=1 unchecked"), backends(declared));
    }

    @Test
    void containerNetworkCountsOnlyMappingsWithAHostPort() {
        Declarations declared = marathon("{'id':'/a','networks':[{'mode':'container','name':'dcos'}],'container':{"
                + "'type':'MESOS','portMappings':[{'containerPort':80,'labels':{'VIP_0':'in:80'}},"
                + "{'containerPort':81,'hostPort':0,'labels':{'VIP_0':'out:80'}}]},"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000],"
                + "'ipAddresses':[{'ipAddress':'9.0.0.2'},{'ipAddress':'fd01:b::2'}],'state':'TASK_RUNNING'}]}");
        assertEquals(
                List.of(
                        "10.0.0.5:31000/9.0.0.2:81 w=1 unchecked",
                        "9.0.0.2:80 w=1 unchecked",
                        "[fd01:b::2]:80 w=1 unchecked"),
                backends(declared));
    }

    @Test
    void fixedVipTakesBackendsOfItsFamily() {
        Declarations declared = marathon("{'id':'/a','networks':[{'mode':'container','name':'dcos'}],'container':{"
                + "'portMappings':[{'containerPort':80,'labels':{'VIP_0':'5.4.3.2:80','VIP_1':'[fd01:c::1]:80'}}]},"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ipAddresses':[{'ipAddress':'9.0.0.2'}],"
                + "'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("5.4.3.2:80/tcp", "fd01:c::1:80/tcp"), vips(declared));
        assertEquals(List.of("9.0.0.2:80 w=1 unchecked"), backends(declared));
        assertEquals(List.of("no-address app.json: /a tasks[0]"), problems(declared));
    }

    @Test
    void optionsStandBesideTheLabel() {
        Declarations declared = marathon("{'id':'/a','portDefinitions':[{'labels':{'VIP_0':'/a:80',"
                + "'VIP_0_SCHEDULER':'SH','vip_0_flags':'fallback','VIP_0_PERSISTENCE':'5m','VIP_0_WEIGHT':'7',"
                + "'VIP_1':'/b:80','VIP_SCHEDULER':'/scheduler:80'}}],'labels':{'vip_port0':'udp://c:53',"
                + "'vip_port0_ONE_PACKET':'true'},"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000],'state':'TASK_RUNNING'}]}");
        assertEquals(
                List.of(
                        "a" + ZONE + "80/tcp",
                        "b" + ZONE + "80/tcp",
                        "c" + ZONE + "53/udp",
                        "scheduler" + ZONE + "80/tcp"),
                vips(declared));
        assertEquals(
                List.of("scheduler=sh flags=fallback persistenceSeconds=300", "", "onePacket=true", ""),
                options(declared));
        assertEquals(
                List.of(
                        "10.0.0.5:31000 w=1 unchecked",
                        "10.0.0.5:31000 w=1 unchecked",
                        "10.0.0.5:31000 w=1 unchecked",
                        "10.0.0.5:31000 w=7 unchecked"),
                backends(declared));
        assertEquals(List.of(), problems(declared));
    }

    @Test
    void aWrongOptionCostsOnlyItself() {
        Declarations declared = marathon("{'id':'/a','portDefinitions':[{'labels':{'VIP_0':'/a:80',"
                + "'VIP_0_SCHEDULER':'fastest','VIP_0_METHOD':'ipip','VIP_0_COLOUR':'red','VIP_0_WEIGHT':'0'}}],"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000],'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("method=ipip"), options(declared));
        assertEquals(List.of("10.0.0.5:31000 w=1 unchecked"), backends(declared));
        assertEquals(
                List.of(
                        "invalid-option app.json: /a portDefinitions[0].labels.VIP_0_COLOUR",
                        "invalid-option app.json: /a portDefinitions[0].labels.VIP_0_SCHEDULER",
                        "invalid-option app.json: /a portDefinitions[0].labels.VIP_0_WEIGHT"),
                problems(declared));
    }

    private static List<String> options(Declarations declared) {
        return declared.services().values().stream()
                .flatMap(service -> service.origins().stream())
                .map(Origin::options)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'state':'TASK_RUNNING'                                                          | w=1 unchecked",
                "'startedAt':'2020-01-01T00:00:00Z'                                              | w=1 unchecked",
                "'state':'TASK_RUNNING','healthCheckResults':[{'alive':true},{'alive':true}]     | w=1 healthy",
                "'state':'TASK_RUNNING','healthCheckResults':[{'alive':true},{'alive':false}]    | w=0 unhealthy",
                "'state':'TASK_RUNNING','healthCheckResults':[{'alive':true},null]               | w=0 pending",
                "'state':'TASK_KILLING','healthCheckResults':[{'alive':true}]                    | w=0 draining",
                "'state':'TASK_STAGING'                                                          | none",
                "'stagedAt':'2020-01-01T00:00:00Z'                                               | none",
                "'state':'TASK_UNREACHABLE'                                                      | none"
            },
            quoteCharacter = '"')
    void stateAndHealthGiveTheWeight(String fields, String expected) {
        List<String> backends = backends(marathon("{'id':'/a','portDefinitions':[{'labels':{'VIP_0':'a:80'}}],"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000]," + fields + "}]}"));
        assertEquals(expected.equals("none") ? List.of() : List.of("10.0.0.5:31000 " + expected), backends);
    }

    @Test
    void declaredChecksWithoutResultsArePending() {
        assertEquals(
                List.of("10.0.0.5:31000 w=0 pending"),
                backends(marathon("{'id':'/a','healthChecks':[{'protocol':'TCP'}],'portDefinitions':[{'labels':"
                        + "{'VIP_0':'a:80'}}],'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000],"
                        + "'state':'TASK_RUNNING','healthCheckResults':[]}]}")));
    }

    @Test
    void oneBadFieldCostsOnlyItself() {
        Declarations declared = marathon("{'apps':[{'id':'/a','labels':{'VIP_0':'a:1'},'portDefinitions':["
                + "{'labels':{'VIP_0':'noport','VIP_1':'ok:80','VIP_2':7,'VIP_3':'/:80'}},'text',"
                + "{'port':'x','labels':[]},{'labels':{'VIP_0':'last:80'}}],"
                + "'tasks':[{'id':'a.1','host':'10.0.0.5','ports':[31000,'b',3,31003],'state':'TASK_RUNNING'},"
                + "{'id':'a.2','host':'no.such.host','ports':[1,2,3,4],'state':'TASK_RUNNING'},"
                + "{'id':'a.3','host':'host.known','ports':[31010],'state':'TASK_RUNNING'}, 5]}, 'text', {'x':1}]}");
        assertEquals(List.of("last" + ZONE + "80/tcp", "ok" + ZONE + "80/tcp"), vips(declared));
        assertEquals(
                List.of(
                        "10.0.0.5:31000 w=1 unchecked",
                        "10.0.0.5:31003 w=1 unchecked",
                        "10.0.0.99:31010 w=1 unchecked"),
                backends(declared));
        assertEquals(
                List.of(
                        "invalid-label app.json: /a apps[0].portDefinitions[0].labels.VIP_0",
                        "invalid-label app.json: /a apps[0].portDefinitions[0].labels.VIP_3",
                        "misplaced-label app.json: /a apps[0].labels.VIP_0",
                        "no-port app.json: /a apps[0].tasks[2].ports",
                        "unknown-document apps[1]",
                        "unknown-document apps[2]",
                        "unresolved-host app.json: /a apps[0].tasks[1].host",
                        "wrong-type app.json: /a apps[0].portDefinitions[0].labels.VIP_2",
                        "wrong-type app.json: /a apps[0].portDefinitions[1]",
                        "wrong-type app.json: /a apps[0].portDefinitions[2].labels",
                        "wrong-type app.json: /a apps[0].tasks[0].ports[1]",
                        "wrong-type app.json: /a apps[0].tasks[3]"),
                problems(declared));
    }

    @Test
    void taskLabelsCountHostPorts() {
        Declarations declared = marathon("{'id':'/a','ports':[0,0],'labels':{'vip_PORT1':'tcp://1.2.3.4:5000',"
                + "'VIP_PORT9':'tcp://a:1','vip_port0':'http://a:1','vip_portx':'tcp://a:1'},'tasks':[{'id':'a.1',"
                + "'host':'10.0.0.5','ports':[31000,31001],'state':'TASK_RUNNING'}]}");
        assertEquals(List.of("1.2.3.4:5000/tcp"), vips(declared));
        assertEquals(List.of("10.0.0.5:31001 w=1 unchecked"), backends(declared));
        assertEquals(3, declared.problems().size(), () -> problems(declared).toString());
    }

    @Test
    void nullIdGroupsAndPods() {
        Declarations declared = marathon("{'id':'/','groups':[{'id':'/g','apps':[{'id':null,'portDefinitions':["
                + "{'labels':{'VIP_0':'a:80'}}]}],'groups':[]}],'apps':[{'id':'/pod','containers':[]}]}");
        assertEquals(List.of("a" + ZONE + "80/tcp"), vips(declared));
        assertEquals(List.of(), problems(declared));
    }
}
