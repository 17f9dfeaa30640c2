package directory.thisdcos.l4lb.dns.resolvconf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing and restoring in the file trees that machines have. */
class InstallerTest {
    private static final List<Ip> OURS = List.of(Ip.of("198.51.100.1"));
    private static final String PLAIN = "nameserver 10.0.0.2\nsearch corp.example\noptions ndots:2\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path root;

    private Installer installer;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        installer = new Installer(root);
        file = Files.createDirectories(root.resolve("etc")).resolve("resolv.conf");
    }

    private Path write(String path, String text) throws IOException {
        Path target = root.resolve(path);
        Files.createDirectories(ConfigFile.parent(target));
        return Files.writeString(target, text);
    }

    private Path dropIn() {
        return root.resolve("etc/systemd/resolved.conf.d/l4lb.conf");
    }

    private List<Ip> upstreams(Path uplinks) throws IOException {
        return new SystemResolvers(file, uplinks, OURS::contains).read();
    }

    private List<String> etc() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("etc"))) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aPlainFileIsKeptAndItsSearchListStays() throws IOException {
        write("etc/resolv.conf", PLAIN);
        installer.install(OURS);
        ResolvConf now = ResolvConf.read(file);
        assertEquals(OURS, now.nameservers());
        assertEquals(List.of("search corp.example", "options ndots:2"), now.otherLines());
        assertEquals(List.of(Ip.of("10.0.0.2")), upstreams(root));
        String installed = Files.readString(file);
        assertFalse(installer.install(OURS).restartResolved());
        assertEquals(installed, Files.readString(file));
        installer.install(List.of(Ip.of("127.0.0.1")));
        assertEquals(List.of(Ip.of("10.0.0.2")), upstreams(root), "a second address does not lose the first file");
        installer.restore();
        assertEquals(PLAIN, Files.readString(file));
        assertEquals(List.of("resolv.conf"), etc());
        installer.restore();
        assertEquals(PLAIN, Files.readString(file));
    }

    @Test
    void whatSomebodyElseWroteSinceIsTheNewOriginal() throws IOException {
        write("etc/resolv.conf", PLAIN);
        installer.install(OURS);
        write("etc/resolv.conf", "nameserver 10.9.9.9\n");
        assertEquals(List.of(Ip.of("10.9.9.9")), upstreams(root));
        installer.restore();
        assertEquals("nameserver 10.9.9.9\n", Files.readString(file));
        installer.install(OURS);
        assertEquals(List.of(Ip.of("10.9.9.9")), upstreams(root));
    }

    @Test
    void aMachineWithoutAFileHasNoneAfterwards() throws IOException {
        installer.install(OURS);
        assertEquals(OURS, ResolvConf.read(file).nameservers());
        installer.restore();
        assertEquals(List.of(), etc());
    }

    @Test
    void aLinkIsPutAsideAndFollowed() throws IOException {
        Path maintained = write("run/resolvconf/resolv.conf", "nameserver 10.0.0.2\n");
        Files.createSymbolicLink(file, Path.of("../run/resolvconf/resolv.conf"));
        installer.install(OURS);
        assertFalse(Files.isSymbolicLink(file));
        assertEquals("nameserver 10.0.0.2\n", Files.readString(maintained));
        Files.writeString(maintained, "nameserver 10.0.0.3\n");
        assertEquals(List.of(Ip.of("10.0.0.3")), upstreams(root), "what resolvconf writes is followed");
        installer.restore();
        assertTrue(Files.isSymbolicLink(file));
        assertEquals("nameserver 10.0.0.3\n", Files.readString(file));
    }

    @Test
    void theStubOfResolvedStaysAndAsksUs() throws IOException {
        write("run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\noptions edns0 trust-ad\n");
        Path uplinks = write("run/systemd/resolve/resolv.conf", "nameserver 198.51.100.1\nnameserver 10.0.0.2\n");
        Files.createSymbolicLink(file, Path.of("../run/systemd/resolve/stub-resolv.conf"));
        assertTrue(installer.install(OURS).restartResolved());
        assertTrue(Files.isSymbolicLink(file));
        assertTrue(Files.readString(dropIn()).contains("\nDNS=198.51.100.1\nDomains=~.\n"));
        assertFalse(installer.install(OURS).restartResolved());
        assertEquals(List.of(Ip.of("10.0.0.2")), upstreams(uplinks), "not the stub, which asks us");
        assertTrue(installer.restore().restartResolved());
        assertFalse(Files.exists(dropIn(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void theUplinksOfResolvedAreReplaced() throws IOException {
        Path uplinks = write("run/systemd/resolve/resolv.conf", "nameserver 10.0.0.2\n");
        Files.createSymbolicLink(file, Path.of("../run/systemd/resolve/resolv.conf"));
        installer.install(OURS);
        assertEquals(OURS, ResolvConf.read(file).nameservers(), "musl asks all servers of the file at once");
        assertTrue(Files.exists(dropIn()));
        assertEquals(List.of(Ip.of("10.0.0.2")), upstreams(uplinks));
        installer.restore();
        assertTrue(Files.isSymbolicLink(file));
    }

    @Test
    void namesAtMostThreeServersAndReadsOddFiles() throws IOException {
        List<Ip> four = Stream.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
                .map(Ip::of)
                .toList();
        write(
                "etc/resolv.conf",
                "# x\n;y\nnameserver\nnameserver fe80::1%eth0\nNAMESERVER 1.1.1.1\n\tdomain\ta.b \r\n");
        installer.install(four);
        ResolvConf now = ResolvConf.read(file);
        assertEquals(four.subList(0, 3), now.nameservers());
        assertEquals(List.of("domain a.b"), now.otherLines());
    }
}
