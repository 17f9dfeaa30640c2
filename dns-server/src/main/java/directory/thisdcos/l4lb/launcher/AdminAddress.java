package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.Authorities;
import directory.thisdcos.l4lb.launcher.cli.CommandFailedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The admin API that a command asks, and how it shows that it may. */
final class AdminAddress {
    private static final Duration CONNECT = Duration.ofSeconds(15);

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
    private @Nullable Path authorities;

    URI uri() {
        return admin;
    }

    HttpClient client() throws StartException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        if (authorities == null) {
            return builder.build();
        }
        try {
            return builder.sslContext(Authorities.context(authorities)).build();
        } catch (CommandFailedException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @param path encoded */
    HttpRequest.Builder request(String path) throws StartException {
        HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve(path));
        return tokenFile == null ? request : request.header("Authorization", "Bearer " + token(tokenFile));
    }

    private String token(Path file) throws StartException {
        String host = String.valueOf(admin.getHost());
        if ("http".equals(admin.getScheme()) && !host.equals("localhost") && !host.matches("127\\..*|\\[::1]")) {
            throw new StartException("--admin " + admin + ": a token does not go over plain HTTP; use https://");
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartException("--token-file " + file + " cannot be read: " + Reasons.of(e), e);
        }
    }
}
