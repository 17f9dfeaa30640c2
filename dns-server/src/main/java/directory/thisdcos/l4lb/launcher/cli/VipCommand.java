package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What clients connect to, and what is behind it. */
@Command(
        name = "vip",
        description = {"Shows virtual services: what clients connect to, and the backends behind it.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb vip list", "  ./l4lb vip get my-service.marathon", "  ./l4lb vip list -o json"})
final class VipCommand {
    private static final String PATH = "/v1/vips";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Command(name = "list", description = "Lists all, or those whose name, owner or address holds a text.")
    int list(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "TEXT", arity = "0..1", defaultValue = "", description = "Part of a name.")
                    String text)
            throws CommandFailedException {
        ArrayNode found = new ObjectMapper().createArrayNode();
        for (JsonNode service : options.api().get(PATH)) {
            if (service.toString().contains(text)) {
                found.add(service);
            }
        }
        options.output().show(found, VipTables.ofServices(), table -> VipTables.fill(table, found));
        return 0;
    }

    @Command(name = "get", description = "Shows one name's services with their backends.")
    int get(
            @Mixin ApiOptions options,
            @Parameters(
                            paramLabel = "NAME[:PORT]",
                            description = "A name with or without its zone and port, or a fixed address.")
                    String name)
            throws CommandFailedException {
        ArrayNode found = new ObjectMapper().createArrayNode();
        for (JsonNode service : options.api().get(PATH)) {
            if (isNamed(service.path("vip").asText(), name)) {
                found.add(service);
            }
        }
        if (found.isEmpty()) {
            throw new CommandFailedException("there is no virtual service " + name
                    + "; `l4lb vip list` shows all, `l4lb explain " + name + "` says what sources report of it");
        }
        for (JsonNode service : found) {
            options.output().show(service, VipTables.ofBackends(), table -> {
                options.out().println(header(service));
                VipTables.fillBackends(table, service);
            });
        }
        return 0;
    }

    static String header(JsonNode service) {
        return service.path("vip").asText() + " " + service.path("protocol").asText() + "  "
                + VipTables.addresses(service) + "  "
                + service.path("scheduler").asText()
                + (service.path("collision").asBoolean() ? "  COLLISION" : "");
    }

    /** Whether what the user wrote means this service. */
    static boolean isNamed(String vip, String written) {
        int colon = vip.lastIndexOf(':');
        String host = vip.substring(0, colon);
        List<String> names = new ArrayList<>(List.of(host));
        String zone = ".l4lb.thisdcos.directory";
        if (host.endsWith(zone)) {
            names.add(host.substring(0, host.length() - zone.length()));
        }
        String plain = written.replaceAll("[\\[\\]]", "").toLowerCase(java.util.Locale.ROOT);
        return names.stream().anyMatch(name -> plain.equals(name) || plain.equals(name + vip.substring(colon)));
    }

    @Command(name = "watch", description = "Prints each change until it is stopped: + new, - gone, ~ changed.")
    int watch(
            @Mixin ApiOptions options,
            @Option(
                            names = "--interval",
                            paramLabel = "MS",
                            defaultValue = "500",
                            description = "Between two looks, in milliseconds. Default: ${DEFAULT-VALUE}.")
                    int intervalMillis)
            throws CommandFailedException, InterruptedException {
        return new VipWatch(options.api(), PATH, options.out(), Math.max(intervalMillis, 50)).run();
    }
}
