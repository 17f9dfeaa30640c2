package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Names and the addresses that they hold. */
@Command(
        name = "allocation",
        description = {"Shows which name holds which address, and reserves and releases them.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb allocation list",
            "  ./l4lb allocation get my-service.marathon",
            "  ./l4lb allocation reserve my-db.api --address 11.1.2.3"
        })
final class AllocationCommand {
    private static final String PATH = "/v1/allocations";
    private static final String ZONE = ".l4lb.thisdcos.directory";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Command(name = "list", description = "Lists all, or those whose name, address or owner holds a text.")
    int list(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "TEXT", arity = "0..1", defaultValue = "", description = "Part of a name.")
                    String text)
            throws CommandFailedException {
        ArrayNode found = new ObjectMapper().createArrayNode();
        for (JsonNode allocation : options.api().get(PATH)) {
            if (allocation.toString().contains(text)) {
                found.add(allocation);
            }
        }
        show(options, found, found);
        return 0;
    }

    @Command(name = "get", description = "Shows what one name, or one address, is allocated to.")
    int get(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone, or an address.")
                    String name)
            throws CommandFailedException {
        for (JsonNode allocation : options.api().get(PATH)) {
            String full = allocation.path("name").asText();
            if (Arrays.asList(
                            full,
                            full.replace(ZONE, ""),
                            allocation.path("address").asText(),
                            allocation.path("address6").asText())
                    .contains(name)) {
                show(options, allocation, new ObjectMapper().createArrayNode().add(allocation));
                return 0;
            }
        }
        throw new CommandFailedException("nothing is allocated for " + name + "; `l4lb allocation list` shows all");
    }

    @Command(
            name = "reserve",
            description =
                    "Gives a name an address before anything declares it, and keeps it for the name. An address that the"
                            + " name has is moved only with --move.")
    int reserve(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone.") String name,
            @Option(names = "--address", paramLabel = "IPV4", description = "This address, if it is free.") @Nullable String address,
            @Option(names = "--address6", paramLabel = "IPV6", description = "This address, if it is free.") @Nullable String address6,
            @Option(names = "--owner", paramLabel = "OWNER", description = "Who wants it. Default: operator.") @Nullable String owner,
            @Option(names = "--move", description = "Clients that know the old address are cut off.") boolean move)
            throws CommandFailedException {
        ObjectNode body = new ObjectMapper().createObjectNode();
        put(body, "address", address);
        put(body, "address6", address6);
        put(body, "owner", owner);
        Api api = options.api();
        Map<String, String> condition = move ? version(api, name) : Map.of();
        JsonNode reserved =
                api.send("PUT", path(name), body.toString(), condition).body();
        show(options, reserved, new ObjectMapper().createArrayNode().add(reserved));
        return 0;
    }

    private static void put(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    @Command(
            name = "release",
            description = "Ends a reservation: the addresses of a name that nothing declares go to quarantine.")
    int release(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone.") String name)
            throws CommandFailedException {
        Api api = options.api();
        JsonNode released =
                api.send("DELETE", path(name), "", version(api, name)).body();
        show(options, released, new ObjectMapper().createArrayNode().add(released));
        return 0;
    }

    @Command(
            name = "end-quarantine",
            description =
                    "Frees the addresses of a name that is gone at once. Clients that still know one may reach whoever"
                            + " gets it next.")
    int endQuarantine(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone.") String name)
            throws CommandFailedException {
        Api api = options.api();
        api.send("DELETE", "/v1/quarantine/" + Api.part(name), "", version(api, name));
        return 0;
    }

    @Command(name = "history", description = "Shows what happened to a name, when, by whom and why.")
    int history(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "NAME", description = "A name with or without its zone.") String name)
            throws CommandFailedException {
        JsonNode events = options.api().get(path(name) + "/history");
        ChangesCommand.show(options, events, false);
        return 0;
    }

    private static String path(String name) {
        return PATH + "/" + Api.part(name);
    }

    /** What is changed is what was there a moment ago. */
    private static Map<String, String> version(Api api, String name) throws CommandFailedException {
        return api.send("GET", path(name), "", Map.of())
                .etag()
                .map(tag -> Map.of("If-Match", tag))
                .orElse(Map.of());
    }

    private static void show(ApiOptions options, JsonNode value, Iterable<JsonNode> allocations) {
        options.output().show(value, new Table("NAME", "ADDRESS", "ADDRESS6", "STATE", "SINCE", "OWNER"), table -> {
            for (JsonNode allocation : allocations) {
                table.row(
                        allocation.path("name").asText(),
                        allocation.path("address").asText(),
                        allocation.path("address6").asText(""),
                        allocation.path("state").asText(),
                        allocation.path("since").asText(),
                        allocation.path("owner").asText());
            }
        });
    }
}
