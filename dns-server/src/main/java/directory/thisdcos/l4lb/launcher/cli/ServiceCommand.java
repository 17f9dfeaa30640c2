package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Virtual services that clients declare themselves. */
@Command(
        name = "service",
        description = {"Shows virtual services, and declares them without Marathon or Mesos.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb service put db.api:5432 --backend 10.0.0.5:5432 --backend 10.0.0.6:5432=2",
            "  ./l4lb service get db.api:5432",
            "  ./l4lb service delete db.api:5432"
        })
final class ServiceCommand {
    private static final String PATH = "/v1/services";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    /** Which one. */
    static final class Which {
        @Parameters(paramLabel = "SERVICE", description = "NAME.FRAMEWORK:PORT, ADDRESS:PORT or [IPV6]:PORT.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String service;

        @Option(names = "--protocol", paramLabel = "PROTOCOL", defaultValue = "tcp", description = "tcp or udp.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String protocol;

        String path() {
            return PATH + "/" + Api.part(service) + "?protocol=" + Api.part(protocol);
        }
    }

    @Command(name = "list", description = "Lists all virtual services.")
    int list(@Mixin ApiOptions options) throws CommandFailedException {
        JsonNode services = options.api().get(PATH);
        options.output().show(services, VipTables.ofServices(), table -> VipTables.fill(table, services));
        return 0;
    }

    @Command(name = "get", description = "Shows one with its backends.")
    int get(@Mixin ApiOptions options, @Mixin Which which) throws CommandFailedException {
        show(options, options.api().get(which.path()));
        return 0;
    }

    private static void show(ApiOptions options, JsonNode service) {
        options.output().show(service, VipTables.ofBackends(), table -> {
            options.out().println(VipCommand.header(service));
            VipTables.fillBackends(table, service);
        });
    }

    @Command(
            name = "put",
            description = "Declares one owner's backends of a service, in place of what the same owner declared before."
                    + " Ends when it is in the table.")
    int put(
            @Mixin ApiOptions options,
            @Mixin Which which,
            @Option(names = "--owner", paramLabel = "OWNER", defaultValue = "api", description = "Default: api.")
                    String owner,
            @Option(
                            names = "--ttl",
                            paramLabel = "DURATION",
                            description = "How long it lasts without being put again: 1s to 1d. Default: for ever.")
                    @Nullable String ttl,
            @Option(
                            names = "--backend",
                            paramLabel = "ADDR:PORT[=WEIGHT]",
                            description = "A backend; repeatable. None at all keeps the name with no backend.")
                    @Nullable List<String> backends,
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            description =
                                    "The document for the API, in place of the other options; - for standard input.")
                    @Nullable Path file)
            throws CommandFailedException {
        String body = file == null ? document(owner, ttl, backends == null ? List.of() : backends) : read(file);
        Api.Answer answer = options.api().send("PUT", which.path(), body, Map.of());
        show(options, answer.body());
        return 0;
    }

    private static String document(String owner, @Nullable String ttl, List<String> backends)
            throws CommandFailedException {
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("owner", owner);
        if (ttl != null) {
            document.put("ttl", ttl);
        }
        var array = document.putArray("backends");
        for (String backend : backends) {
            int equals = backend.indexOf('=');
            String endpoint = equals < 0 ? backend : backend.substring(0, equals);
            int colon = endpoint.lastIndexOf(':');
            if (colon < 1) {
                throw new CommandFailedException("--backend " + backend + ": write ADDR:PORT or ADDR:PORT=WEIGHT");
            }
            ObjectNode one = array.addObject();
            one.put("ip", endpoint.substring(0, colon).replaceAll("[\\[\\]]", ""));
            number(one, "port", endpoint.substring(colon + 1), backend);
            if (equals >= 0) {
                number(one, "weight", backend.substring(equals + 1), backend);
            }
        }
        return document.toString();
    }

    private static void number(ObjectNode object, String field, String text, String backend)
            throws CommandFailedException {
        if (!text.matches("[0-9]{1,5}")) {
            throw new CommandFailedException("--backend " + backend + ": '" + text + "' is no " + field);
        }
        object.put(field, Integer.parseInt(text));
    }

    private static String read(Path file) throws CommandFailedException {
        try {
            return file.toString().equals("-")
                    ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    : Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailedException("--file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Command(name = "delete", description = "Withdraws what one owner declared.")
    int delete(
            @Mixin ApiOptions options,
            @Mixin Which which,
            @Option(names = "--owner", paramLabel = "OWNER", defaultValue = "api", description = "Default: api.")
                    String owner)
            throws CommandFailedException {
        options.api().send("DELETE", which.path() + "&owner=" + Api.part(owner), "", Map.of());
        return 0;
    }
}
