package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProcShapeTest {
    /** As ip_vs_info_seq_show prints it. */
    private static byte[] table(String scheduler, int port, int weight, int active, int inactive) {
        return String.format(
                        Locale.ROOT,
                        """
                        IP Virtual Server version 1.2.1 (size=4096)
                        Prot LocalAddress:Port Scheduler Flags
                          -> RemoteAddress:Port Forward Weight ActiveConn InActConn
                        TCP  0B000001:%04X %s\s
                          -> 0A010002:%04X      %-7s %-6d %-10d %-10d
                          -> 0A010003:%04X      %-7s %-6d %-10d %-10d
                        """,
                        80,
                        scheduler,
                        port,
                        "Masq",
                        weight,
                        active,
                        inactive,
                        8080,
                        "Masq",
                        1,
                        inactive,
                        active)
                .getBytes(US_ASCII);
    }

    @Test
    void connectionsMakeNoDifference() {
        byte[] before = table("wlc", 8080, 1, 0, 0);
        assertTrue(ProcShape.same(before, table("wlc", 8080, 1, 0, 0)));
        assertTrue(ProcShape.same(before, table("wlc", 8080, 1, 17, 123456)));
        assertTrue(ProcShape.same(table("wlc", 8080, 1, 99, 1), table("wlc", 8080, 1, 3, 1234567890)));
    }

    @Test
    void allElseDoes() {
        byte[] before = table("wlc", 8080, 1, 5, 5);
        assertFalse(ProcShape.same(new byte[0], before));
        assertFalse(ProcShape.same(before, table("wrr", 8080, 1, 5, 5)));
        assertFalse(ProcShape.same(before, table("rr", 8080, 1, 5, 5)));
        assertFalse(ProcShape.same(before, table("wlc", 8081, 1, 5, 5)));
        assertFalse(ProcShape.same(before, table("wlc", 8080, 0, 7, 7)));
        assertFalse(ProcShape.same(before, table("wlc", 8080, 100, 5, 5)));
        assertFalse(ProcShape.same(table("wlc", 8080, 1, 0, 0), table("wlc", 8080, 2, 9, 9)));
    }
}
