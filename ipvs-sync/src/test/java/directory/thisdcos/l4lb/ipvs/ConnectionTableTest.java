package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static DestinationKey key(String vip, int protocol, String server) {
        Endpoint service = Endpoint.parse(vip);
        return new DestinationKey(
                new ServiceId.Address(Ip.of(service.ip().toString()), protocol, service.port()),
                Endpoint.parse(server));
    }

    @Test
    void findsConnectionsThatAreNotOver() throws IOException {
        String text = """
                Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
                TCP 0A020002 9C40 0B000001 0050 0A010002 1F90 FIN_WAIT        115
                TCP 0A020002 9C41 0B000001 0050 0A010003 1F90 TIME_WAIT       115
                TCP 0A020002 9C42 0B000001 0050 0A010004 1F90 CLOSE             5
                UDP 0A020002 9C43 0B000001 0050 0A010003 1F90 UDP             200
                TCP fd03:0000:0000:0000:0000:0000:0000:0002 9C40 fd01:000c:0000:0000:0000:0000:0000:0001 0050 \
                fd02:0000:0000:0000:0000:0000:0000:0002 1F90 ESTABLISHED     897
                """;
        DestinationKey halfClosed = key("11.0.0.1:80", 6, "10.1.0.2:8080");
        DestinationKey over = key("11.0.0.1:80", 6, "10.1.0.3:8080");
        DestinationKey closed = key("11.0.0.1:80", 6, "10.1.0.4:8080");
        DestinationKey six = key("[fd01:c::1]:80", 6, "[fd02::2]:8080");
        assertEquals(
                Set.of(halfClosed, six),
                ConnectionTable.inUse(
                        new BufferedReader(new StringReader(text)), List.of(halfClosed, over, closed, six)));
    }

    @Test
    void whatIsKeptForPersistenceIsNoConnection() throws IOException {
        String text = """
                Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
                TCP 0A020002 0000 0B000001 0050 0A010002 1F90 ASSURED         115
                TCP 0A020002 0000 0B000002 0000 0A010002 0000 ASSURED         115
                TCP 0A020002 9C40 0B000002 1388 0A010003 1388 ESTABLISHED     115
                """;
        DestinationKey one = key("11.0.0.1:80", 6, "10.1.0.2:8080");
        DestinationKey allPorts = key("11.0.0.2:0", 6, "10.1.0.2:0");
        DestinationKey allPortsInUse = key("11.0.0.2:0", 6, "10.1.0.3:0");
        assertEquals(
                Set.of(allPortsInUse),
                ConnectionTable.inUse(
                        new BufferedReader(new StringReader(text)), List.of(one, allPorts, allPortsInUse)));
    }
}
