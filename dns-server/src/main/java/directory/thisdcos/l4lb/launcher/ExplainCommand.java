package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what became of each report of the sources. */
@Command(
        name = "explain",
        description = "Says of each task and port whether it is a backend, and why not.%n",
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb explain my-service.marathon", "  ./l4lb explain 3.3.0.6:3306 --json"})
final class ExplainCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "WHAT",
            description = "A name with or without its zone and port, a fixed ADDRESS:PORT, or the exact id of an app,"
                    + " a pod or a task.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String what;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminAddress admin;

    @Option(names = "--json", description = "Print the API's answer.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartException, InterruptedException {
        String answer = new AdminClient(admin)
                .get("/v1/explain/"
                        + URLEncoder.encode(what, StandardCharsets.UTF_8).replace("+", "%20"));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
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

    private void print(JsonNode lines, PrintWriter out) {
        if (lines.isEmpty()) {
            out.println("No source reports anything of " + what + ". Is the label's name, the app's or the task's id"
                    + " spelt so? `curl " + admin.uri() + "/v1/sources` shows how far the sources are.");
        }
        String service = "";
        for (JsonNode line : lines) {
            if (!line.path("service").asText().equals(service)) {
                service = line.path("service").asText();
                out.println(service);
            }
            String place = line.path("address").asText();
            out.printf(
                    "  %-22s weight %-3d %-18s %s%n",
                    place.isEmpty() ? "-" : place,
                    line.path("weight").asInt(),
                    line.path("reason").asText(),
                    line.path("detail").asText());
            out.println("      " + origin(line));
        }
    }

    private static String origin(JsonNode line) {
        StringBuilder text = new StringBuilder(line.path("source").asText());
        for (String field : new String[] {"owner", "task", "port", "node"}) {
            String value = line.path(field).asText();
            if (!value.isEmpty()) {
                text.append("  ").append(field).append(' ').append(value);
            }
        }
        return text.toString();
    }
}
