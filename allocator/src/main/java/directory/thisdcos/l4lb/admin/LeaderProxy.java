package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.AllocatorControl;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Lets a standby take what changes the table: it passes the request on to the leading allocator and gives back its
 * answer. A request is passed on once: who gets one that was passed on and does not lead either, says so. Who comes with a
 * client certificate is sent to the leader instead.
 */
final class LeaderProxy {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final int TEMPORARY_REDIRECT = 307;
    private static final String FORWARDED = "L4lb-Forwarded";
    private static final String ANSWERED_BY = "L4lb-Answered-By";
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** Longer than the leader itself waits for its table. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration TABLE_PATIENCE = Duration.ofMinutes(6);

    private static final List<String> REQUEST_HEADERS =
            List.of("Content-Type", "Content-Encoding", "Accept", "Authorization", "If-Match", "If-None-Match");
    private static final List<String> ANSWER_HEADERS = List.of("ETag", "Location", "Retry-After", "WWW-Authenticate");

    private final Supplier<Optional<AllocatorControl>> allocator;
    private final HttpClient http;

    /** @param trust whom the other allocators' certificates must come from; empty for the JVM's authorities */
    LeaderProxy(Supplier<Optional<AllocatorControl>> allocator, Optional<SSLContext> trust) {
        this.allocator = allocator;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        trust.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** Passes a change on if this process allocates and does not lead; leaves every other request alone. */
    void handle(Context context) throws IOException {
        Optional<AllocatorControl> control = allocator.get();
        if ((READS.contains(context.method().name()) && !isOfLeader(context))
                || control.isEmpty()
                || control.get().isLeading()) {
            return;
        }
        if (context.header(FORWARDED) != null) {
            throw unavailable(
                    "the allocator that passed this on believes that this one leads, and it does not yet or any"
                            + " more; try again");
        }
        URI leader = control.get()
                .leaderApi()
                .orElseThrow(() -> unavailable("no other allocator leads, or its admin API listens where it cannot be"
                        + " reached from here (loopback); ask it there, or start the allocators with --admin-listen or"
                        + " --admin-advertise on an address that they all reach"));
        if (Gate.hasCertificate(context)) {
            // Method and body stay as they are: RFC 9110 §15.4.8.
            context.status(TEMPORARY_REDIRECT)
                    .header("Location", there(context, leader).toString());
        } else {
            forward(context, leader);
        }
        context.skipRemainingHandlers();
    }

    private static URI there(Context context, URI leader) {
        String query = context.queryString();
        return leader.resolve(context.req().getRequestURI() + (query == null ? "" : "?" + query));
    }

    /** What only the leader knows, since it is no part of the table. */
    private static boolean isOfLeader(Context context) {
        return context.path().equals("/v1/drains");
    }

    private void forward(Context context, URI leader) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(there(context, leader))
                .timeout(context.path().equals("/v1/table") ? TABLE_PATIENCE : PATIENCE)
                .header(FORWARDED, "1")
                .method(context.method().name(), HttpRequest.BodyPublishers.ofInputStream(context::bodyInputStream));
        for (String header : REQUEST_HEADERS) {
            String value = context.header(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        HttpResponse<byte[]> answer = send(request.build(), leader);
        context.status(answer.statusCode()).header(ANSWERED_BY, leader.toString());
        answer.headers().firstValue("Content-Type").ifPresent(context::contentType);
        for (String header : ANSWER_HEADERS) {
            answer.headers().firstValue(header).ifPresent(value -> context.header(header, value));
        }
        context.result(answer.body());
    }

    private HttpResponse<byte[]> send(HttpRequest request, URI leader) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw unavailable("the leading allocator at " + leader + " does not answer (" + e
                    + "); whether the change was made is unknown: look, and try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the program is stopping");
        }
    }

    private static ApiException unavailable(String detail) {
        return new ApiException(503, "not the leader", "", detail);
    }
}
