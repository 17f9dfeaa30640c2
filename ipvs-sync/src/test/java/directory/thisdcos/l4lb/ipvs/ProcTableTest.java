package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcTableTest {
    @Test
    void readsBothFamiliesAndSkipsMarks() {
        String text = """
                IP Virtual Server version 1.2.1 (size=4096)
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
                TCP  0B000002:0050 wlc\s\s
                  -> 0A010001:1F90      Masq    1      0          7        \s
                UDP  E000000A:0035 rr ops persistent 300 FFFFFFFF
                FWM  6C346C62 none\s
                  -> 0A010009:1F90      Masq    1      0          7        \s
                TCP  [fd01:000c:0000:0000:0000:0000:0000:0001]:0050 wlc\s
                  -> [1000:0000:0000:0000:0000:0000:0000:0004]:1F90      Tunnel  0      1          6        \s
                """;
        Endpoint v4 = Endpoint.parse("10.1.0.1:8080");
        Endpoint v6 = Endpoint.parse("[1000::4]:8080");
        assertEquals(
                Map.of(
                        new ServiceId.Address(Ip.of("11.0.0.2"), 6, 80),
                        new ProcTable.Service(
                                "wlc",
                                false,
                                false,
                                Map.of(v4, new ProcTable.Destination(Forwarding.MASQUERADE, 1, 0, 7))),
                        new ServiceId.Address(Ip.of("224.0.0.10"), 17, 53),
                        new ProcTable.Service("rr", true, true, Map.of()),
                        new ServiceId.Address(Ip.of("fd01:c::1"), 6, 80),
                        new ProcTable.Service(
                                "wlc",
                                false,
                                false,
                                Map.of(v6, new ProcTable.Destination(Forwarding.TUNNEL, 0, 1, 6)))),
                ProcTable.parse(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
