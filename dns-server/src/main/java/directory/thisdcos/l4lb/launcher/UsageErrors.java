package directory.thisdcos.l4lb.launcher;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns the parser's complaints into one line that names the option and the fix. */
final class UsageErrors {

    private UsageErrors() {}

    static String describe(ParameterException error) {
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        String help = "; see '" + command + " --help'";
        if (error instanceof UnmatchedArgumentException unmatched) {
            return describe(unmatched) + help;
        }
        if (error instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return "missing "
                    + missing.getMissing().stream()
                            .map(argument -> argument.paramLabel())
                            .collect(Collectors.joining(", "))
                    + " (" + error.getMessage() + ")" + help;
        }
        return error.getMessage() + help;
    }

    private static String describe(UnmatchedArgumentException error) {
        String argument = error.getUnmatched().get(0);
        List<String> suggestions = error.getSuggestions();
        String kind = argument.startsWith("-") ? "unknown option '" : "unknown argument '";
        CommandLine command = error.getCommandLine();
        if (!argument.startsWith("-") && command.getCommandSpec().parent() == null) {
            kind = "unknown command '";
        }
        return kind + argument + "'"
                + (suggestions.isEmpty() ? "" : "; did you mean '" + String.join("' or '", suggestions) + "'?");
    }
}
