package directory.thisdcos.l4lb.launcher.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Whom to ask, and how to show the answer. */
final class ApiOptions {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "${env:L4LB_ADMIN:-http://127.0.0.1:62080}",
            description = "Admin API of a running l4lb; also L4LB_ADMIN in the environment."
                    + " Default: http://127.0.0.1:62080.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:L4LB_TOKEN_FILE}",
            description = "File with the token that the API asks for; also L4LB_TOKEN_FILE in the environment.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:L4LB_CA}",
            description = "Certificates (PEM) that the API's is checked with, in place of the JVM's; also L4LB_CA.")
    private @Nullable Path ca;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json or yaml. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Api api() throws CommandFailedException {
        return new Api(admin, tokenFile, ca);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    Output output() {
        return new Output(out(), format);
    }
}
