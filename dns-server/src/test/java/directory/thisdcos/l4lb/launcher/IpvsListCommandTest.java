package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.admin.AdminServer;
import directory.thisdcos.l4lb.admin.AdminView;
import directory.thisdcos.l4lb.ipvs.Counters;
import directory.thisdcos.l4lb.ipvs.ServiceCounters;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class IpvsListCommandTest {
    private static final Counters COUNTERS = new Counters(7, 70, 60, 5_000_000_000L, 600, 1, 2, 3, 4, 5);

    private static final ServiceCounters WEB = new ServiceCounters(
            "web.marathon.l4lb.thisdcos.directory:80",
            Endpoint.parse("[fd01:c::1]:80"),
            "tcp",
            0,
            "sh",
            List.of("sh-fallback", "sh-port"),
            300,
            COUNTERS,
            List.of(new ServiceCounters.Server(Endpoint.parse("[fd02::2]:8080"), "nat", 1, 0, 0, 3, 4, 0, COUNTERS)));

    private static AdminView view(PrometheusRegistry registry) {
        return new AdminView(
                () -> State.EMPTY,
                new ProblemBoard(registry, InstantSource.system()),
                List::of,
                () -> new AdminView.DataPlane(
                        "on",
                        "",
                        () -> "",
                        () -> "-a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1\n",
                        out -> {},
                        (of, limit) ->
                                out -> IpvsJson.services(of.equals("web.marathon") ? List.of(WEB) : List.of(), out)),
                Optional::empty,
                Optional::empty,
                "1");
    }

    private static String run(String... words) throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        try (AdminServer server = new AdminServer(Endpoint.parse("127.0.0.1:0"), view(registry), registry)) {
            server.start();
            CommandLine commandLine = Main.commandLine();
            StringWriter out = new StringWriter();
            commandLine.setOut(new PrintWriter(out));
            String[] all = new String[words.length + 2];
            System.arraycopy(words, 0, all, 0, words.length);
            all[words.length] = "--admin";
            all[words.length + 1] = "http://" + server.listening();
            assertEquals(0, commandLine.execute(all));
            return out.toString();
        }
    }

    @Test
    void printsWhatIpvsadmPrintsAndTheNames() throws Exception {
        String table = run("ipvs", "list", "web.marathon");
        assertEquals(true, table.contains("TCP [fd01:c::1]:80 sh persistent 300 sh-fallback,sh-port web.mara"), table);
        assertEquals(true, table.matches("(?s).*-> \\[fd02::2]:8080 +nat +1 +3 +4\n"), table);
        assertEquals(true, run("ipvs", "list", "web.marathon", "--stats").contains(" 5000000000 "));
        assertEquals(true, run("ipvs", "list", "web.marathon", "-o", "json").contains("\"inBytes\":5000000000"));
        assertEquals(true, run("ipvs", "list", "other").startsWith("no services"));
    }

    @Test
    void showsWhatIsStillToDo() throws Exception {
        assertEquals("-a -t 11.0.0.1:80 -r 10.1.0.2:8080 -m -w 1\n", run("ipvs", "plan", "--pending"));
        assertEquals("", run("ipvs", "plan"));
    }
}
