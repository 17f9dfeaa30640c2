package directory.thisdcos.l4lb.source.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameServersTest {

    private static List<String> servers(String text, String... own) {
        return NameServers.ofResolvConf(
                        text, List.of(own).stream().map(Endpoint::parse).toList())
                .servers()
                .stream()
                .map(Endpoint::toString)
                .toList();
    }

    @Test
    void ourOwnServerIsLeftOut() {
        String text = "nameserver 198.51.100.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n";
        assertEquals(List.of("10.0.0.2:53", "10.0.0.3:53"), servers(text, "198.51.100.1:53"));
        assertEquals(3, servers(text, "10.0.0.2:5454").size(), "another port is another server");
    }

    @Test
    void anUnspecifiedAddressIsEveryLocalOne() {
        assertEquals(List.of("192.0.2.1:53"), servers("nameserver 127.0.0.1\nnameserver 192.0.2.1", "0.0.0.0:53"));
    }

    @Test
    void loopbackComesLast() {
        String text = "nameserver 127.0.0.53\nnameserver 10.0.0.2\nnameserver ::1\n";
        assertEquals(List.of("10.0.0.2:53", "127.0.0.53:53", "[::1]:53"), servers(text));
    }

    @Test
    void theRestOfTheFile() {
        NameServers read = NameServers.ofResolvConf("""
                # comment

                nameserver
                nameserver fe80::1%eth0
                options timeout:1 ndots:3
                search a.example
                search b.example c.example
                """, List.of());
        assertEquals(new NameServers(List.of(), List.of("b.example", "c.example"), 3), read);
    }
}
