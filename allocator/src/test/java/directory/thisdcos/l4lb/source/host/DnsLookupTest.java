package directory.thisdcos.l4lb.source.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DnsLookupTest {
    @TempDir
    Path folder;

    private NameServer server;

    @BeforeEach
    void start() throws IOException {
        server = new NameServer();
        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n10.0.0.5 fromfile fromfile.example\n");
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.1\nsearch cluster.example\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DnsLookup lookup() {
        return new DnsLookup(
                List.of(server.address()), List.of(), folder.resolve("resolv.conf"), folder.resolve("hosts"));
    }

    @Test
    void theHostsFileComesFirst() throws Exception {
        server.put("fromfile", "10.9.9.9");
        assertEquals(List.of(Ip.of("10.0.0.5")), lookup().addresses("fromfile"));
        assertEquals(0, server.questions.get());
    }

    @Test
    void ipv4BeforeIpv6() throws Exception {
        server.put("both.example", "fd01::1", "10.0.0.1").put("six.example", "fd01::6");
        assertEquals(List.of(Ip.of("10.0.0.1")), lookup().addresses("both.example"));
        assertEquals(List.of(Ip.of("fd01::6")), lookup().addresses("six.example"));
    }

    @Test
    void shortNamesAreSearched() throws Exception {
        server.put("node1.cluster.example", "10.0.0.1");
        assertEquals(List.of(Ip.of("10.0.0.1")), lookup().addresses("node1"));
    }

    @Test
    void anUnknownNameIsAnError() {
        assertThrows(UnknownHostException.class, () -> lookup().addresses("no.example"));
        assertThrows(UnknownHostException.class, () -> lookup().addresses("a..b"));
    }

    @Test
    void withoutAServerBesideOursTheErrorSaysSo() throws Exception {
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        DnsLookup lookup = new DnsLookup(
                List.of(),
                List.of(Endpoint.parse("127.0.0.1:53")),
                folder.resolve("resolv.conf"),
                folder.resolve("hosts"));
        UnknownHostException e = assertThrows(UnknownHostException.class, () -> lookup.addresses("x.example"));
        assertTrue(String.valueOf(e.getMessage()).contains("--upstream"), e::toString);
    }
}
