package directory.thisdcos.l4lb.source.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request to a server of a {@link ServerGroup}.
 *
 * @param method such as {@code GET}
 * @param path below the server's URL, with the query; begins with a slash
 * @param headers beside {@code Host}, {@code Authorization} and {@code Content-Type}
 * @param json the body; empty if there is none
 * @param silence how long the server may send nothing, from the request on
 * @param total how long the whole answer may take; empty for a stream without an end
 * @param maxBytes of the answer's body; {@link Long#MAX_VALUE} for a stream without an end
 */
public record HttpCall(
        String method,
        String path,
        Map<String, String> headers,
        Optional<String> json,
        Duration silence,
        Optional<Duration> total,
        long maxBytes) {

    public HttpCall {
        headers = java.util.Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** Asks for a JSON document. */
    public static HttpCall getJson(String path, Duration silence, Duration total, long maxBytes) {
        return new HttpCall(
                "GET",
                path,
                Map.of("Accept", "application/json"),
                Optional.empty(),
                silence,
                Optional.of(total),
                maxBytes);
    }

    /** Asks for a stream without an end. */
    public static HttpCall stream(
            String method, String path, Map<String, String> headers, Optional<String> json, Duration silence) {
        return new HttpCall(method, path, headers, json, silence, Optional.empty(), Long.MAX_VALUE);
    }
}
