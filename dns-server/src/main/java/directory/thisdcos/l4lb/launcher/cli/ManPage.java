package directory.thisdcos.l4lb.launcher.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command's help as man(7) source. picocli's own generator writes AsciiDoc, which takes a Ruby program to become a
 * page.
 */
final class ManPage {
    private final StringBuilder out = new StringBuilder();

    private ManPage() {}

    static String of(CommandLine command) {
        ManPage page = new ManPage();
        page.write(command);
        return page.out.toString();
    }

    private void write(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Help help = command.getHelp();
        String name = spec.qualifiedName("-");
        line(".TH " + name.toUpperCase(Locale.ROOT).replace("-", "\\-") + " 1 \"\" l4lb");
        line(".SH NAME");
        String description = plain(spec.usageMessage().description());
        line(escape(name) + " \\- " + escape(firstSentence(description)));
        line(".SH SYNOPSIS");
        line(".B " + escape(spec.qualifiedName(" ")));
        line(escape(plain(help.synopsis(0).strip())
                .replaceFirst("^" + spec.qualifiedName(" "), "")
                .strip()));
        line(".SH DESCRIPTION");
        line(escape(description));
        if (spec.subcommands().values().stream().anyMatch(sub -> !isHidden(sub))) {
            line(".SH COMMANDS");
            spec.subcommands().values().stream()
                    .distinct()
                    .filter(sub -> !isHidden(sub))
                    .forEach(sub -> {
                        line(".TP");
                        line(".B " + escape(sub.getCommandSpec().name()));
                        line(escape(plain(sub.getCommandSpec().usageMessage().description())));
                    });
        }
        if (!spec.options().isEmpty() || !spec.positionalParameters().isEmpty()) {
            line(".SH OPTIONS");
            spec.positionalParameters().forEach(this::parameter);
            spec.options().stream().filter(option -> !option.hidden()).forEach(this::option);
        }
        String[] footer = spec.usageMessage().footer();
        if (footer.length > 0) {
            line(".SH EXAMPLES");
            line(".nf");
            for (String text : footer) {
                line(escape(text.replace("%n", "")));
            }
            line(".fi");
        }
        line(".SH SEE ALSO");
        line(escape(spec.root() == spec ? "l4lb help" : "l4lb(1)"));
    }

    private static boolean isHidden(CommandLine command) {
        return command.getCommandSpec().usageMessage().hidden();
    }

    private void parameter(PositionalParamSpec parameter) {
        line(".TP");
        line(".I " + escape(parameter.paramLabel()));
        line(escape(plain(parameter.description())));
    }

    private void option(OptionSpec option) {
        line(".TP");
        String names = java.util.Arrays.stream(option.names()).collect(Collectors.joining(", "));
        String label = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
        line("\\fB" + escape(names) + "\\fR" + escape(label));
        String text = plain(option.description());
        line(escape(text.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))));
    }

    private static String plain(String... text) {
        return String.join(" ", text).replace("%n", " ").replaceAll("\\s+", " ").strip();
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return (end < 0 ? text : text.substring(0, end)).replaceFirst("[.:]$", "");
    }

    /** A hyphen would be set as a dash, and a dot or an apostrophe at the start is a request. */
    private static String escape(String text) {
        String safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
