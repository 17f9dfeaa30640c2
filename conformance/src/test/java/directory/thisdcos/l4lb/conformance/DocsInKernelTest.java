package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages say for root and a kernel with IPVS, typed as it stands there; the machine is thrown away afterwards. */
@Tag("kernel")
final class DocsInKernelTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final String NAME = "my-service.marathon.l4lb.thisdcos.directory";
    private static final String ADDRESS = "11.134.216.93";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    /** zk1 of the pages is this machine. */
    @BeforeAll
    static void names() throws IOException {
        Files.writeString(Path.of("/etc/hosts"), "\n127.0.0.1 zk1\n", StandardOpenOption.APPEND);
    }

    private static List<String> commands(String page) throws IOException {
        return DocBlock.of(Checkout.root().resolve("docs").resolve(page)).stream()
                .filter(block -> block.tag().equals("sh"))
                .findFirst()
                .orElseThrow()
                .commands();
    }

    @Test
    void gettingStartedEndsWithAnAnswerThroughTheKernel() throws Exception {
        Path page = Checkout.root().resolve("docs/getting-started.md");
        List<String> commands = commands("getting-started.md");
        assertEquals(List.of("modprobe ip_vs", "l4lb doctor"), commands.subList(0, 2));
        Shell.typed(commands.get(0));
        Shell.typed(commands.get(1));
        HttpServer backend = backend("10.0.0.5");
        try (RunningProgram program = RunningProgram.typed(temp, commands.get(2))) {
            Await.until(
                    "readiness",
                    LIMIT,
                    () -> Shell.output("curl", "-sS", program.admin() + "/readyz")
                            .contains("\"ready\":true"));
            for (ConsoleStep step : ConsoleStep.of(page)) {
                if (step.command().startsWith("l4lb service put")) {
                    // The page's second backend is no machine here; the first must be the one that answers.
                    Shell.typed(step.command().replace(" --backend 10.0.0.6:8080=2", ""));
                }
            }
            StringBuilder said = new StringBuilder();
            for (String command : commands.subList(3, commands.size())) {
                said.append(Shell.typed(command));
            }
            assertTrue(said.toString().contains("-> 10.0.0.5:8080"), said.toString());
            assertTrue(said.toString().contains("hello from 10.0.0.5"), said.toString());
        } finally {
            backend.stop(0);
        }
        Shell.typed("l4lb ipvs flush --data " + temp.resolve("data-standalone") + " --yes");
        assertFalse(Shell.output("ipvsadm", "-Ln").contains("10.0.0.5:8080"), "nothing of ours is left");
    }

    private static HttpServer backend(String address) throws IOException, InterruptedException {
        Shell.output("ip", "address", "add", address + "/32", "dev", "lo");
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 8080), 0);
        server.createContext("/", exchange -> {
            byte[] body = ("hello from " + address + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void theResolverIsPutInAndTakenOutAgain() throws Exception {
        String before = Files.readString(RESOLV_CONF);
        Path config = Files.createDirectories(Path.of("/etc/l4lb")).resolve("node.yaml");
        Files.writeString(
                config,
                Files.readString(Checkout.root().resolve("packaging/debian/node.yaml"))
                        .replaceFirst("#zookeeper:.*", "zookeeper: zk1:2181")
                        .replaceFirst("dns-listen:.*", "dns-interface: l4lb"));
        try (RunningProgram cluster = RunningProgram.examples(
                temp,
                "--embedded-zookeeper-listen",
                "127.0.0.1:2181",
                "--admin-listen",
                "127.0.0.1:62099",
                "--ipvs",
                "off")) {
            assertTrue(cluster.isAlive());
            for (String page : List.of("resolver.md", "forwarding.md")) {
                List<String> commands = commands(page);
                try (RunningProgram node = RunningProgram.typed(temp, commands.get(0), "--ipvs", "off")) {
                    Await.until(
                            "readiness of the node",
                            LIMIT,
                            () -> Shell.output("curl", "-sS", node.admin() + "/readyz")
                                    .contains("\"ready\":true"));
                    assertTrue(Shell.typed(commands.get(1)).contains("nameserver 198.51.100.1"), page);
                    assertEquals(before, Files.readString(RESOLV_CONF), "only printed");
                    Shell.typed(commands.get(2));
                    String hosts = Shell.output("getent", "ahostsv4", NAME);
                    assertTrue(hosts.startsWith(ADDRESS + " "), hosts);
                    Shell.typed(commands.get(3));
                    assertEquals(before, Files.readString(RESOLV_CONF));
                }
            }
        }
    }
}
