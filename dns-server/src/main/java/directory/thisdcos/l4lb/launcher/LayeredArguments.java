package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Completes the command line from the environment and a YAML file, so that all three are parsed and checked by the same
 * rules. An option on the command line wins over {@code L4LB_…} in the environment, which wins over the file.
 */
final class LayeredArguments {
    private static final String CONFIG = "--config";

    private LayeredArguments() {}

    static String[] complete(CommandLine commandLine, String[] arguments, Map<String, String> environment)
            throws WrongUsageException {
        ParseResult parsed = parse(commandLine, arguments);
        if (parsed == null || !parsed.hasSubcommand()) {
            return arguments;
        }
        ParseResult command = parsed.subcommand();
        List<String> completed = new ArrayList<>(Arrays.asList(arguments));
        JsonNode file = configFile(command, environment);
        checkKeys(file, command);
        for (OptionSpec option : command.commandSpec().options()) {
            if (!command.hasMatchedOption(option) && !isHelp(option)) {
                addFrom(environment, file, option, completed);
            }
        }
        return completed.toArray(String[]::new);
    }

    /**
     * Null if the arguments do not parse by themselves: then the second, real parse says why. What is needed and missing is
     * no reason, since the environment or the file may have it.
     */
    private static @org.jspecify.annotations.Nullable ParseResult parse(CommandLine commandLine, String[] arguments) {
        collectErrors(commandLine, true);
        try {
            ParseResult parsed = commandLine.parseArgs(arguments);
            boolean isSound = Stream.iterate(parsed, Objects::nonNull, ParseResult::subcommand)
                    .flatMap(part -> part.errors().stream())
                    .allMatch(LayeredArguments::isMissingOption);
            return isSound ? parsed : null;
        } catch (ParameterException e) {
            return null;
        } finally {
            collectErrors(commandLine, false);
        }
    }

    private static void collectErrors(CommandLine commandLine, boolean collect) {
        Stream.concat(Stream.of(commandLine), commandLine.getSubcommands().values().stream())
                .forEach(command -> command.getCommandSpec().parser().collectErrors(collect));
    }

    private static boolean isMissingOption(Exception error) {
        return error instanceof MissingParameterException missing
                && missing.getMissing().stream().allMatch(OptionSpec.class::isInstance);
    }

    private static boolean isHelp(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    private static void addFrom(
            Map<String, String> environment, JsonNode file, OptionSpec option, List<String> completed)
            throws WrongUsageException {
        String variable = environmentName(option);
        String value = environment.get(variable);
        if (value != null && !value.isBlank()) {
            boolean repeatable = option.isMultiValue();
            for (String part : repeatable ? value.strip().split(separator(option), -1) : new String[] {value}) {
                completed.add(option.longestName() + "=" + part.strip());
            }
            return;
        }
        JsonNode node = file.path(key(option));
        if (node.isArray() && !option.isMultiValue()) {
            throw new WrongUsageException("config file: '" + key(option) + "' takes one value, not a list");
        }
        Iterator<JsonNode> values =
                node.isArray() ? node.elements() : List.of(node).iterator();
        while (values.hasNext()) {
            JsonNode one = values.next();
            if (one.isContainerNode()) {
                throw new WrongUsageException("config file: '" + key(option) + "' takes plain values");
            }
            if (!one.isMissingNode() && !one.isNull()) {
                completed.add(option.longestName() + "=" + one.asText());
            }
        }
    }

    /** Between the values of a repeatable option in the environment: some values have commas of their own. */
    private static String separator(OptionSpec option) {
        return Stream.of("URL", "POOL", "CONNECT").anyMatch(option.paramLabel()::contains) ? "\\s+" : ",";
    }

    private static JsonNode configFile(ParseResult command, Map<String, String> environment)
            throws WrongUsageException {
        JsonNode none = JsonNodeFactory.instance.objectNode();
        OptionSpec option = command.commandSpec().findOption(CONFIG);
        if (option == null) {
            return none;
        }
        Path path = command.matchedOptionValue(CONFIG, null);
        String variable = environment.get(environmentName(option));
        if (path == null && variable != null && !variable.isBlank()) {
            path = Path.of(variable);
        }
        if (path == null) {
            return none;
        }
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(path));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return none;
            }
            if (!root.isObject()) {
                throw new WrongUsageException("config file " + path + " holds no 'setting: value' lines");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new WrongUsageException("config file " + path + " line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ": "
                    + e.getOriginalMessage());
        } catch (IOException e) {
            throw new WrongUsageException("cannot read the config file " + path + ": " + Reasons.of(e));
        }
    }

    /** A key that no command knows is a mistake; one of another command is not, so that all can share a file. */
    private static void checkKeys(JsonNode file, ParseResult command) throws WrongUsageException {
        Set<String> keys = new LinkedHashSet<>();
        file.fieldNames().forEachRemaining(keys::add);
        if (keysOf(command.commandSpec()).containsAll(keys)) {
            return;
        }
        // Only the command that is wanted was made; to make all takes a while.
        Set<String> known = Commands.parserOf().getSubcommands().values().stream()
                .flatMap(other -> keysOf(other.getCommandSpec()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String key : keys) {
            if (!known.contains(key)) {
                throw new WrongUsageException(
                        "config file: unknown setting '" + key + "'; the settings are " + String.join(", ", known));
            }
        }
    }

    /** What a file may hold of a command; not where the file itself is. */
    private static Set<String> keysOf(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !isHelp(option))
                .map(LayeredArguments::key)
                .filter(key -> !key.equals(CONFIG.substring(2)))
                .collect(Collectors.toSet());
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }

    private static String environmentName(OptionSpec option) {
        return "L4LB_" + key(option).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
