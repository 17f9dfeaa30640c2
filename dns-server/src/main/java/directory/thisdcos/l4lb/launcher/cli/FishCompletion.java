package directory.thisdcos.l4lb.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What picocli has no script for: one {@code complete} line for each command and option. */
final class FishCompletion {
    private final StringBuilder out = new StringBuilder("complete -c l4lb -f\n");

    private FishCompletion() {}

    static String of(CommandSpec root) {
        FishCompletion completion = new FishCompletion();
        completion.add(root, List.of());
        return completion.out.toString();
    }

    private void add(CommandSpec command, List<String> path) {
        String seen = condition(path);
        List<String> names = command.subcommands().values().stream()
                .map(sub -> sub.getCommandSpec().name())
                .distinct()
                .toList();
        String here = names.isEmpty() || path.isEmpty()
                ? seen
                : seen + "; and not __fish_seen_subcommand_from " + String.join(" ", names);
        for (CommandLine sub :
                command.subcommands().values().stream().distinct().toList()) {
            CommandSpec spec = sub.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            out.append("complete -c l4lb -n ")
                    .append(quote(here))
                    .append(" -a ")
                    .append(spec.name());
            out.append(" -d ")
                    .append(quote(first(spec.usageMessage().description())))
                    .append('\n');
            List<String> below = new ArrayList<>(path);
            below.add(spec.name());
            add(spec, below);
        }
        if (!path.isEmpty()) {
            command.options().stream().filter(option -> !option.hidden()).forEach(option -> add(option, seen));
        }
    }

    private static String condition(List<String> path) {
        if (path.isEmpty()) {
            return "__fish_use_subcommand";
        }
        return String.join(
                "; and ",
                path.stream().map(name -> "__fish_seen_subcommand_from " + name).toList());
    }

    private void add(OptionSpec option, String seen) {
        out.append("complete -c l4lb -n ").append(quote(seen));
        for (String name : option.names()) {
            out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            boolean file = option.paramLabel().matches("FILE|DIR");
            out.append(file ? " -rF" : " -x");
        }
        out.append(" -d ").append(quote(first(option.description()))).append('\n');
    }

    private static String first(String[] description) {
        String text = String.join(" ", description).replaceAll("%n|\\s+", " ").strip();
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end);
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
