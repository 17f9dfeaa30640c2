package directory.thisdcos.l4lb.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/configuration.md}, made from the options of the commands that run the program. */
final class ConfigurationPage {
    private static final List<String> COMMANDS = List.of("standalone", "allocator", "node");

    private final StringBuilder out = new StringBuilder();

    private ConfigurationPage() {}

    static String text() {
        ConfigurationPage page = new ConfigurationPage();
        page.write();
        return page.out.toString();
    }

    private void write() {
        out.append("""
                # Configuration reference

                Made from the program's options; a test compares. `l4lb COMMAND --help` says the same.

                Each setting may stand on the command line (`--dns-listen 127.0.0.1:53`), in the environment (`L4LB_DNS_LISTEN`: capitals,
                `_` for `-`) or in the YAML file of `--config` (`dns-listen: 127.0.0.1:53`). The command line wins, then the environment.
                A setting that may be repeated is a list in the file; in the environment its values stand between commas, or between
                blanks where they are URLs or pools. Durations are `500ms`, `30s`, `5m`, `2h`. The commands may share a file: a setting
                of another command is passed over, one that no command knows is refused.

                """);
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (String command : COMMANDS) {
            CommandLine known =
                    Objects.requireNonNull(Main.commandLine().getSubcommands().get(command), command);
            known.getCommandSpec().options().forEach(option -> {
                if (!option.usageHelp() && !option.hidden()) {
                    options.putIfAbsent(option.longestName(), option);
                    users.computeIfAbsent(option.longestName(), absent -> new ArrayList<>())
                            .add(command);
                }
            });
        }
        table("All commands", options, users, COMMANDS);
        table("Of `standalone` and `allocator`", options, users, List.of("standalone", "allocator"));
        table("Of `standalone` and `node`", options, users, List.of("standalone", "node"));
        for (String command : COMMANDS) {
            table("Of `" + command + "`", options, users, List.of(command));
        }
        out.setLength(out.length() - 1);
    }

    private void table(
            String title, Map<String, OptionSpec> options, Map<String, List<String>> users, List<String> of) {
        if (users.values().stream().noneMatch(of::equals)) {
            return;
        }
        out.append("## ").append(title).append("\n\n| setting | default | meaning |\n|---|---|---|\n");
        options.forEach((name, option) -> {
            if (of.equals(users.get(name))) {
                out.append(String.format(
                        Locale.ROOT, "| `%s%s` | %s | %s |\n", name, value(option), standard(option), meaning(option)));
            }
        });
        out.append('\n');
    }

    private static String value(OptionSpec option) {
        return option.arity().max() == 0 ? "" : " " + option.paramLabel().replace("|", "\\|");
    }

    private static String standard(OptionSpec option) {
        String value = option.defaultValue();
        return option.arity().max() == 0 || value == null || value.isEmpty()
                ? ""
                : "`" + value.replace("|", "\\|") + "`";
    }

    private static String meaning(OptionSpec option) {
        return String.join(" ", option.description())
                .replace("Default: ${DEFAULT-VALUE}.", "")
                .replace("Default: " + option.defaultValue() + ".", "")
                .replace("%n", " ")
                .replace("%%", "%")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
