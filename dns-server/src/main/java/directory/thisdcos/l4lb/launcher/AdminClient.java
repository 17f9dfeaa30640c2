package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Asks the admin API of a running program. */
final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int BAD_REQUEST = 400;

    private final AdminAddress address;
    private final URI base;

    AdminClient(AdminAddress address) {
        this.address = address;
        this.base = address.uri();
    }

    /** The body of a successful answer to GET; {@code path} is encoded. A failure is one line for the user. */
    String get(String path) throws StartException, InterruptedException {
        HttpRequest request = address.request(path).timeout(PATIENCE).GET().build();
        try {
            HttpResponse<String> response = address.client().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= BAD_REQUEST) {
                throw new StartException(base + ": " + detail(response));
            }
            return response.body();
        } catch (ConnectException | HttpTimeoutException e) {
            throw new StartException(
                    base + ": nothing answers; is `l4lb standalone` or `l4lb allocator` running, and is --admin its"
                            + " admin address?",
                    e);
        } catch (IOException e) {
            throw new StartException(base + ": " + Reasons.of(e), e);
        }
    }

    private static String detail(HttpResponse<String> response) {
        try {
            JsonNode problem = new ObjectMapper().readTree(response.body());
            String detail = problem.path("detail").asText();
            return detail.isEmpty() ? "status " + response.statusCode() : detail;
        } catch (IOException e) {
            return "status " + response.statusCode() + " and no JSON; is it an l4lb?";
        }
    }
}
