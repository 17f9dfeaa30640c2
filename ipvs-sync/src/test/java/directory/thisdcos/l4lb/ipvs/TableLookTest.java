package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.IpRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose services are whose, without an engine. */
class TableLookTest {
    private static final List<IpRange> POOLS = List.of(IpRange.parse("11.0.0.0/8"));

    @TempDir
    private Path directory;

    private Path table = Path.of("");

    @BeforeEach
    void table() throws Exception {
        table = Files.writeString(directory.resolve("ip_vs"), """
                IP Virtual Server version 1.2.1 (size=4096)
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
                TCP  0B000001:0050 wlc
                  -> 0A010002:1F90      Masq    1      0          0
                UDP  0B000002:0035 rr
                TCP  C0A80909:0050 rr
                FWM  6C346C62 none
                """);
    }

    @Test
    void beforeTheFirstStartNothingIsOurs() throws Exception {
        TableLook look = TableLook.at(table, directory, POOLS);
        assertFalse(look.remembered());
        assertEquals(List.of("11.0.0.1:80/tcp", "11.0.0.2:53/udp"), look.others());
        assertEquals(1, look.elsewhere());
    }

    @Test
    void theEnginesFilesSayWhatIsOursAndWhatIsNot() throws Exception {
        Files.writeString(directory.resolve("ipvs-addresses"), "11.0.0.0-11.0.0.255\n3.3.0.6-3.3.0.6\n");
        Files.writeString(directory.resolve("ipvs-foreign"), "11.0.0.2:53/udp\n");
        TableLook look = TableLook.at(table, directory, POOLS);
        assertTrue(look.remembered());
        assertEquals(List.of("11.0.0.2:53/udp"), look.foreign());
        assertEquals(List.of("11.0.0.1:80/tcp"), look.others());
        assertEquals(1, look.elsewhere());
        assertEquals(2, look.ours().size());
    }

    @Test
    void aMachineWithoutIpvsHasNone() throws Exception {
        TableLook look = TableLook.at(directory.resolve("absent"), directory, POOLS);
        assertEquals(List.of(), look.others());
        assertEquals(0, look.elsewhere());
    }
}
