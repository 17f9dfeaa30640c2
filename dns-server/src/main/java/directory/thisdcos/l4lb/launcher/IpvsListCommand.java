package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Shows this machine's IPVS table as `ipvsadm -Ln` does, with the names of services.%n",
        sortOptions = false,
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb ipvs list web.marathon --stats", "  ./l4lb ipvs list -o json"})
final class IpvsListCommand implements Callable<Integer> {
    private static final String[] COUNTERS = {"connections", "inPackets", "outPackets", "inBytes", "outBytes"};

    @Parameters(
            arity = "0..1",
            defaultValue = "",
            paramLabel = "WHAT",
            description = "A name or an address, each with or without port. Default: all.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String what;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminAddress admin;

    @Option(names = "--stats", description = "Connections, packets and bytes since each was made.")
    private boolean stats;

    @Option(names = "--rate", description = "The same per second, as the kernel estimates it.")
    private boolean rate;

    /** How the table is printed. */
    enum Output {
        TEXT,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Output output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartException, InterruptedException {
        String answer =
                new AdminClient(admin).get("/v1/ipvs/services?of=" + URLEncoder.encode(what, StandardCharsets.UTF_8));
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.print(answer);
        } else {
            print(parse(answer), out);
        }
        out.flush();
        return 0;
    }

    private static JsonNode parse(String answer) throws StartException {
        try {
            return new ObjectMapper().readTree(answer);
        } catch (JsonProcessingException e) {
            throw new StartException("the answer is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private void print(JsonNode services, PrintWriter out) {
        if (services.isEmpty()) {
            out.println("no services; `curl " + admin.uri() + "/v1/ipvs` says whether this node programs its kernel");
            return;
        }
        boolean counts = stats || rate;
        out.println(
                counts
                        ? String.format(
                                Locale.ROOT,
                                "%-4s %-42s %10s %10s %10s %12s %12s",
                                "Prot",
                                "Address:Port",
                                rate ? "CPS" : "Conns",
                                rate ? "InPPS" : "InPkts",
                                rate ? "OutPPS" : "OutPkts",
                                rate ? "InBPS" : "InBytes",
                                rate ? "OutBPS" : "OutBytes")
                        : "Prot Address:Port Scheduler Flags Name");
        if (!counts) {
            out.printf("  -> %-40s %-8s %6s %10s %10s%n", "Server", "Method", "Weight", "ActiveConn", "InActConn");
        }
        for (JsonNode service : services) {
            String protocol = service.path("protocol").asText().toUpperCase(Locale.ROOT);
            out.println(
                    counts
                            ? String.format(Locale.ROOT, "%-4s %-42s", protocol, place(service)) + counters(service)
                                    + "  " + service.path("name").asText()
                            : String.join(" ", protocol, place(service), scheduler(service), name(service)));
            service.path("servers").forEach(server -> server(server, counts, out));
        }
    }

    private void server(JsonNode server, boolean counts, PrintWriter out) {
        if (counts) {
            out.println(String.format(Locale.ROOT, "  -> %-42s", endpoint(server)) + counters(server));
        } else {
            out.printf(
                    Locale.ROOT,
                    "  -> %-40s %-8s %6d %10d %10d%n",
                    endpoint(server),
                    server.path("method").asText(),
                    server.path("weight").asInt(),
                    server.path("active").asLong(),
                    server.path("inactive").asLong());
        }
    }

    private String counters(JsonNode of) {
        JsonNode counters = rate ? of.path("perSecond") : of;
        StringBuilder text = new StringBuilder();
        for (String counter : COUNTERS) {
            text.append(String.format(
                    Locale.ROOT,
                    counter.endsWith("Bytes") ? " %12d" : " %10d",
                    counters.path(counter).asLong()));
        }
        return text.toString();
    }

    private static String scheduler(JsonNode service) {
        StringBuilder text = new StringBuilder(service.path("scheduler").asText());
        int persistence = service.path("persistenceSeconds").asInt();
        if (persistence > 0) {
            text.append(" persistent ").append(persistence);
        }
        StringBuilder flags = new StringBuilder();
        service.path("flags")
                .forEach(flag -> flags.append(flags.isEmpty() ? " " : ",").append(flag.asText()));
        return text.append(flags).toString();
    }

    private static String name(JsonNode service) {
        String name = service.path("name").asText();
        return name.isEmpty() ? "(not of l4lb)" : name;
    }

    private static String place(JsonNode service) {
        return service.has("fwmark") ? service.path("fwmark").asText() : endpoint(service);
    }

    private static String endpoint(JsonNode of) {
        String ip = of.path("ip").asText();
        int port = of.path("port").asInt();
        return ip.contains(":") ? "[" + ip + "]:" + port : ip + ":" + port;
    }
}
