package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The admin API of a running program. Over the JDK's old client: the new one takes a quarter of a second longer to
 * load, which is most of a command's time.
 */
final class Api {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int BAD_REQUEST = 400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final Optional<String> token;
    private final Optional<SSLSocketFactory> trust;

    Api(URI base, @Nullable Path tokenFile, @Nullable Path ca) throws CommandFailedException {
        if (base.getScheme() == null || !base.getScheme().matches("https?") || base.getHost() == null) {
            throw new CommandFailedException("--admin " + base + ": write http://ADDR:PORT or https://ADDR:PORT");
        }
        this.base = base;
        this.token = tokenFile == null ? Optional.empty() : Optional.of(readToken(tokenFile));
        this.trust = ca == null ? Optional.empty() : Optional.of(Authorities.read(ca));
        if (token.isPresent() && base.getScheme().equals("http") && !isLoopback(base.getHost())) {
            throw new CommandFailedException("--admin " + base + ": a token does not go over plain HTTP; use https://");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static String readToken(Path file) throws CommandFailedException {
        try {
            String text = Files.readString(file).strip();
            if (text.isEmpty() || text.contains("\n")) {
                throw new CommandFailedException("--token-file " + file + ": it holds no single line with a token");
            }
            return text;
        } catch (IOException e) {
            throw new CommandFailedException("--token-file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * An answer.
     *
     * @param body null for none
     * @param etag its version, if it says so
     */
    record Answer(int status, JsonNode body, Optional<String> etag) {}

    /** One part of a path. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) throws CommandFailedException {
        return send("GET", path, "", Map.of()).body();
    }

    /** Sends a request; an answer that is an error becomes an exception. {@code path} is encoded. */
    Answer send(String method, String path, String body, Map<String, String> headers) throws CommandFailedException {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) base.resolve(path).toURL().openConnection();
            if (connection instanceof HttpsURLConnection https && trust.isPresent()) {
                https.setSSLSocketFactory(trust.get());
            }
            connection.setRequestMethod(method);
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            headers.forEach(connection::setRequestProperty);
            token.ifPresent(value -> connection.setRequestProperty("Authorization", "Bearer " + value));
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            return read(connection);
        } catch (ConnectException | SocketTimeoutException e) {
            throw new CommandFailedException(
                    base + ": nothing answers; is l4lb running, and is --admin its admin address?", e);
        } catch (IOException e) {
            throw new CommandFailedException(base + ": " + e.getMessage(), e);
        }
    }

    private Answer read(HttpURLConnection connection) throws IOException, CommandFailedException {
        int status = connection.getResponseCode();
        InputStream stream = status >= BAD_REQUEST ? connection.getErrorStream() : connection.getInputStream();
        byte[] bytes = stream == null ? new byte[0] : stream.readAllBytes();
        if (status >= BAD_REQUEST) {
            throw new CommandFailedException(base + ": " + problem(status, bytes));
        }
        try {
            JsonNode body = bytes.length == 0 ? JSON.missingNode() : JSON.readTree(bytes);
            return new Answer(status, body, Optional.ofNullable(connection.getHeaderField("ETag")));
        } catch (IOException e) {
            throw new CommandFailedException(base + ": the answer is no JSON; is it an l4lb?", e);
        }
    }

    private static String problem(int status, byte[] bytes) {
        try {
            JsonNode problem = JSON.readTree(bytes);
            String detail = problem.path("detail").asText();
            String fix = problem.path("fix").asText();
            if (!detail.isEmpty()) {
                return fix.isEmpty() ? detail : detail + "; " + fix;
            }
        } catch (IOException e) {
            return "status " + status + " and no JSON; is it an l4lb?";
        }
        return "status " + status;
    }
}
