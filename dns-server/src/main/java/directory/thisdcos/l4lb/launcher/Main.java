package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.CommandFailedException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** {@code l4lb}: exit code 0 when stopped by request, 1 when it failed, 2 for wrong usage. */
public final class Main {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private static final int HELP_WIDTH = 100;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        Preload.begin(System.getenv(), arguments);
        CommandLine commandLine = commandLine(arguments);
        try {
            return commandLine.execute(LayeredArguments.complete(commandLine, arguments, System.getenv()));
        } catch (WrongUsageException e) {
            return complain(commandLine, String.valueOf(e.getMessage()), WRONG_USAGE);
        }
    }

    /** Of all commands, or of the one that the arguments begin with. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = Commands.parserOf(arguments);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(HELP_WIDTH);
        commandLine.setUsageHelpLongOptionsMaxWidth(32);
        commandLine.setParameterExceptionHandler(
                (error, given) -> complain(error.getCommandLine(), UsageErrors.describe(error), WRONG_USAGE));
        commandLine.setExecutionExceptionHandler((error, command, parsed) -> {
            if (error instanceof WrongUsageException) {
                return complain(command, String.valueOf(error.getMessage()), WRONG_USAGE);
            }
            if (error instanceof StartException || error instanceof CommandFailedException) {
                return complain(command, String.valueOf(error.getMessage()), FAILED);
            }
            LoggerFactory.getLogger(Main.class).error("unexpected", error);
            return complain(command, "failed: " + error, FAILED);
        });
        return commandLine;
    }

    /** One line, whatever the message holds. */
    private static int complain(CommandLine command, String message, int exitCode) {
        PrintWriter err = command.getErr();
        err.println("l4lb: " + message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
        err.flush();
        return exitCode;
    }
}
