package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.StringWriter;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure as an RFC 9457 problem detail, whoever found it. */
final class ErrorAnswers {
    static final String TYPE = "application/problem+json";

    private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int TOO_SLOW = 408;
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;

    private ErrorAnswers() {}

    static void register(RoutesConfig routes) {
        routes.exception(ApiException.class, ErrorAnswers::answer);
        routes.exception(HttpResponseException.class, (error, context) -> answer(of(error, context), context));
        routes.exception(IOException.class, ErrorAnswers::broken);
        routes.exception(Exception.class, ErrorAnswers::unexpected);
        // The HTTP server's own, without a body.
        routes.error(TOO_SLOW, context -> answer(of(TOO_SLOW, "the request did not come in time"), context));
    }

    private static void unexpected(Exception error, Context context) {
        if (error instanceof HttpException http && http.getCode() < FAILED) {
            answer(of(http.getCode(), String.valueOf(http.getReason())), context);
            return;
        }
        try {
            log.error("request failed path={}", context.path(), error);
            answer(
                    new ApiException(
                            FAILED, "internal error", "", "the request failed here", "look into the server's log"),
                    context);
        } catch (RuntimeException e) {
            // Nobody is there any more: a handler that throws would be called again, and again.
            log.debug("a request that was taken back failed", error);
        }
    }

    /** A request that breaks off, or comes too slowly, is its client's fault. */
    private static void broken(IOException error, Context context) {
        log.debug("request broke off path={}: {}", context.path(), error.toString());
        answer(of(TOO_SLOW, "the request did not come, or not fast enough"), context);
    }

    private static ApiException of(HttpResponseException error, Context context) {
        if (error.getStatus() == NOT_FOUND) {
            return new ApiException(
                    NOT_FOUND,
                    "no such path",
                    "path",
                    "there is nothing at " + context.path(),
                    "GET /openapi.json lists the paths");
        }
        if (error.getStatus() == NOT_ALLOWED) {
            String methods = error.getDetails().values().stream().findFirst().orElse("");
            return new ApiException(NOT_ALLOWED, "method not allowed", "method", "allowed here: " + methods, "use one");
        }
        return of(error.getStatus(), String.valueOf(error.getMessage()));
    }

    /** What the HTTP server refused by itself. */
    static ApiException of(int status, String reason) {
        return switch (status) {
            case BAD_REQUEST -> new ApiException(status, "wrong request", "", reason, "send a request as HTTP has it");
            case TOO_SLOW -> new ApiException(status, "too slow", "body", reason, "send it again, without pauses");
            case TOO_LARGE ->
                new ApiException(
                        status,
                        "too large",
                        "body",
                        "a body has at most " + HttpLimits.MAX_BODY_BYTES + " octets",
                        "send less at once");
            case 414, 431 ->
                new ApiException(
                        status,
                        "too large",
                        "header",
                        "the request line and the headers have together at most " + HttpLimits.MAX_HEADER_BYTES
                                + " octets",
                        "send a shorter path and fewer headers");
            default -> new ApiException(status, reason, "", reason);
        };
    }

    static void answer(ApiException error, Context context) {
        context.status(error.status()).contentType(TYPE).result(text(error));
    }

    static String text(ApiException error) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", error.title());
            json.writeNumberField("status", error.status());
            json.writeStringField("detail", error.getMessage());
            if (!error.field().isEmpty()) {
                json.writeStringField("field", error.field());
            }
            if (!error.fix().isEmpty()) {
                json.writeStringField("fix", error.fix());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new AssertionError("a string writer does not fail", e);
        }
        return text + "\n";
    }
}
