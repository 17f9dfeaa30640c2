package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** The parts of the admin API that carry whole tables. A failure is one line for the user. */
final class TableApi {
    /** A whole table takes a while; the server gives up before. */
    private static final Duration PATIENCE = Duration.ofMinutes(7);

    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final JsonMapper JSON = new JsonMapper();

    private final AdminAddress address;
    private final URI admin;
    private final HttpClient http;

    TableApi(AdminAddress address) throws StartException {
        this.address = address;
        this.admin = address.uri();
        this.http = address.client();
    }

    /** The table's lines, to be closed. */
    InputStream backup() throws StartException, InterruptedException {
        HttpResponse<InputStream> answer = send(request("/v1/table").GET(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != OK) {
            throw new StartException(admin + ": status " + answer.statusCode() + "; is it an l4lb of this release?");
        }
        return answer.body();
    }

    /** @return how many changes it took */
    int restore(Path file, boolean replace, boolean edited) throws StartException, InterruptedException {
        try {
            return json(request("/v1/table?replace=" + replace + "&edited=" + edited)
                            .PUT(HttpRequest.BodyPublishers.ofFile(file)))
                    .path("changes")
                    .asInt();
        } catch (IOException e) {
            throw new StartException(file + ": " + Reasons.of(e), e);
        }
    }

    /** The answer to many reservations: how many there are, and what is in the way. */
    JsonNode reserve(JsonNode document, boolean planOnly) throws StartException, InterruptedException {
        try {
            return json(request("/v1/allocations?plan=" + planOnly)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(document))));
        } catch (IOException e) {
            throw new AssertionError("writing to memory does not fail", e);
        }
    }

    private HttpRequest.Builder request(String path) throws StartException {
        return address.request(path).timeout(PATIENCE);
    }

    private JsonNode json(HttpRequest.Builder request) throws StartException, InterruptedException {
        HttpResponse<byte[]> answer = send(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() == OK || (answer.statusCode() == CONFLICT && json.has("conflicts"))) {
                return json;
            }
            throw new StartException(admin + ": " + json.path("detail").asText("status " + answer.statusCode()));
        } catch (IOException e) {
            throw new StartException(admin + ": status " + answer.statusCode() + " and no JSON; is it an l4lb?", e);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws StartException, InterruptedException {
        try {
            return http.send(request.build(), body);
        } catch (ConnectException e) {
            throw new StartException(
                    admin + ": nothing answers; is `l4lb standalone` or `l4lb allocator` running, and is --admin its"
                            + " admin address?",
                    e);
        } catch (IOException e) {
            throw new StartException(admin + ": " + Reasons.of(e), e);
        }
    }
}
