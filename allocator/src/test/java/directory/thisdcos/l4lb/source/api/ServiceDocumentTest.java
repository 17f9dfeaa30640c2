package directory.thisdcos.l4lb.source.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.DeclaredService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceDocumentTest {

    private static ServiceKey key(String text) throws InvalidDocumentException {
        return ServicePath.parse(text, Optional.empty());
    }

    private static ServiceDocument read(String body) throws InvalidDocumentException {
        return ServiceDocument.read(key("db.marathon:5432"), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsEverything() throws Exception {
        ServiceDocument document = read("""
                {"owner":"team","ttl":"30s","backends":[
                  {"ip":"10.0.0.5","port":5432},
                  {"ip":"10.0.0.6","port":1,"weight":7,"container":"172.17.0.2:80","node":"n","zone":"r/z","portName":"sql"},
                  {"ip":"fd00::1","port":2,"weight":7,"health":"draining"}]}""");
        assertEquals("db.marathon.l4lb.thisdcos.directory:5432/tcp team", document.unit());
        DeclaredService service =
                document.declarations().services().values().iterator().next();
        assertEquals(List.of(new Origin("api", "api", "team", "", 30_000)), service.origins());
        Backend second = new Backend(
                Endpoint.parse("10.0.0.6:1"),
                Optional.of(Endpoint.parse("172.17.0.2:80")),
                7,
                Health.HEALTHY,
                "n",
                "r/z",
                "sql",
                "team",
                "api");
        assertEquals(second, service.backends().get(1));
        assertEquals(1, service.backends().get(0).weight());
        assertEquals(0, service.backends().get(2).weight());
        assertEquals(Health.DRAINING, service.backends().get(2).health());
    }

    @Test
    void readsHowToBalance() throws Exception {
        ServiceDocument document = read("""
                {"scheduler":"mh","flags":"mh-port","method":"gue","tunnelPort":7,"persistenceSeconds":300,
                 "upperThreshold":9,"lowerThreshold":"5","backends":[]}""");
        assertEquals(
                "scheduler=mh flags=fallback,port method=gue tunnelPort=7 persistenceSeconds=300 upperThreshold=9"
                        + " lowerThreshold=5",
                document.declarations()
                        .services()
                        .values()
                        .iterator()
                        .next()
                        .origins()
                        .get(0)
                        .options());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]||object",
                "{||line 1",
                "{}|backends|array",
                "{\"backends\":{}}|backends|array",
                "{\"backends\":[],\"x\":1}|x|unknown field",
                "{\"backends\":[],\"scheduler\":\"fastest\"}|scheduler|twos",
                "{\"backends\":[],\"scheduler\":[]}|scheduler|text",
                "{\"backends\":[],\"flags\":\"port\"}|flags|sh and mh",
                "{\"backends\":[],\"onePacket\":true}|onePacket|UDP",
                "{\"backends\":[],\"lowerThreshold\":5}|lowerThreshold|upperThreshold",
                "{\"backends\":[],\"persistenceSeconds\":1.5}|persistenceSeconds|300",
                "{\"backends\":[],\"ttl\":\"1\"}|ttl|30s",
                "{\"backends\":[],\"ttl\":\"2d\"}|ttl|1s to 1d",
                "{\"backends\":[],\"ttl\":30}|ttl|text",
                "{\"backends\":[],\"owner\":[]}|owner|text",
                "{\"backends\":[7]}|backends[0]|object",
                "{\"backends\":[{\"port\":1}]}|backends[0].ip|10.0.0.5",
                "{\"backends\":[{\"ip\":\"h\",\"port\":1}]}|backends[0].ip|IP address",
                "{\"backends\":[{\"ip\":\"10.0.0.1\"}]}|backends[0].port|1 to 65535",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":70000}]}|backends[0].port|65535",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"weight\":-1}]}|backends[0].weight|65535",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"weight\":0.5}]}|backends[0].weight|whole",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"weight\":\"1\"}]}|backends[0].weight|whole",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"health\":\"ok\"}]}|backends[0].health|unhealthy",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"w\":1}]}|backends[0].w|unknown field",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1,\"container\":\"x\"}]}|backends[0].container|port",
                "{\"backends\":[{\"ip\":\"10.0.0.1\",\"port\":1},{\"ip\":\"10.0.0.1\",\"port\":1}]}|backends[1]|twice",
            })
    void refusesWithTheFieldAndTheFix(String body, String field, String fix) {
        InvalidDocumentException error = assertThrows(InvalidDocumentException.class, () -> read(body));
        assertEquals(field == null ? "" : field, error.field());
        assertEquals(true, String.valueOf(error.getMessage()).contains(fix), error::getMessage);
    }

    @ParameterizedTest
    @CsvSource({
        "db.marathon:5432, db.marathon.l4lb.thisdcos.directory:5432/tcp",
        "DB.Marathon.L4LB.thisdcos.directory:1, db.marathon.l4lb.thisdcos.directory:1/tcp",
        "a.b.kafka:1, a.b.kafka.l4lb.thisdcos.directory:1/tcp",
        "1.2.3.4:80, 1.2.3.4:80/tcp",
        "[fd00::1]:80, fd00::1:80/tcp",
        "db.marathon:*, db.marathon.l4lb.thisdcos.directory:0/tcp"
    })
    void namesServices(String text, String service) throws Exception {
        assertEquals(service, key(text).toString());
    }

    @ParameterizedTest
    @CsvSource({"db:80, framework", "db.marathon, port", "a_b.marathon:80, a-b.marathon", "db.marathon:0, 1-65535"})
    void refusesOtherNames(String text, String fix) {
        InvalidDocumentException error = assertThrows(InvalidDocumentException.class, () -> key(text));
        assertEquals(true, String.valueOf(error.getMessage()).contains(fix), error::getMessage);
    }
}
