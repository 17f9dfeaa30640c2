package directory.thisdcos.l4lb.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
                blanks where they are URLs, pools or ensembles. Durations are `500ms`, `30s`, `5m`, `2h`. The commands may share a file: a setting
                of another command is passed over, one that no command knows is refused.

                """);
        Map<String, Map<String, OptionSpec>> options = new LinkedHashMap<>();
        for (String command : COMMANDS) {
            CommandLine known =
                    Objects.requireNonNull(Main.commandLine().getSubcommands().get(command), command);
            known.getCommandSpec().options().forEach(option -> {
                if (!option.usageHelp() && !option.hidden()) {
                    options.computeIfAbsent(option.longestName(), absent -> new LinkedHashMap<>())
                            .put(command, option);
                }
            });
        }
        table("All commands", options, COMMANDS);
        table("Of `standalone` and `allocator`", options, List.of("standalone", "allocator"));
        table("Of `standalone` and `node`", options, List.of("standalone", "node"));
        for (String command : COMMANDS) {
            table("Of `" + command + "`", options, List.of(command));
        }
        out.setLength(out.length() - 1);
    }

    private void table(String title, Map<String, Map<String, OptionSpec>> options, List<String> of) {
        if (options.values().stream().noneMatch(users -> of.equals(List.copyOf(users.keySet())))) {
            return;
        }
        out.append("## ").append(title).append("\n\n| setting | default | meaning |\n|---|---|---|\n");
        options.forEach((name, users) -> {
            if (of.equals(List.copyOf(users.keySet()))) {
                OptionSpec any = users.values().iterator().next();
                out.append(String.format(
                        Locale.ROOT,
                        "| `%s%s` | %s | %s |\n",
                        name,
                        value(any),
                        each(users, ConfigurationPage::standard),
                        each(users, ConfigurationPage::meaning)));
            }
        });
        out.append('\n');
    }

    /** One text, or where the commands differ each one's. */
    private static String each(Map<String, OptionSpec> users, Function<OptionSpec, String> text) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        users.forEach((command, option) -> commands.computeIfAbsent(text.apply(option), absent -> new ArrayList<>())
                .add("`" + command + "`"));
        if (commands.size() == 1) {
            return commands.keySet().iterator().next();
        }
        List<String> parts = new ArrayList<>();
        commands.forEach((one, who) -> {
            if (!one.isEmpty()) {
                parts.add(String.join(", ", who) + ": " + one);
            }
        });
        return String.join("<br>", parts);
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
