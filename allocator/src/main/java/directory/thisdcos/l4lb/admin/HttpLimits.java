package directory.thisdcos.l4lb.admin;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** What one client, or many, may cost: the API must still answer while somebody holds it wrong. */
final class HttpLimits {
    /** Room for a service with 10,000 backends. */
    static final long MAX_BODY_BYTES = 8L << 20;

    static final int MAX_HEADER_BYTES = 16 << 10;

    static final int MAX_CONNECTIONS = 512;

    /** Enough for scrapes and people; a stuck client holds one. */
    private static final int MAX_THREADS = 16;

    private static final int MIN_THREADS = 4;
    private static final int THREAD_IDLE_MILLIS = 30_000;
    private static final long IDLE_MILLIS = 30_000;

    /** While the connections are used up, idle ones make room after so long. */
    private static final long CROWDED_IDLE_MILLIS = 1_000;

    /** A body that comes more slowly holds a thread for nothing. */
    private static final long MIN_BYTES_PER_SECOND = 128;

    private HttpLimits() {}

    static void apply(JavalinConfig config) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, THREAD_IDLE_MILLIS);
        threads.setName("admin");
        config.jetty.threadPool = threads;
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(HttpLimits::limit);
        config.jetty.modifyServer(HttpLimits::limit);
    }

    /** Before its body is waited for. */
    static void checkLength(Context context) {
        // A whole table comes as lines, which are read one by one.
        if (context.contentLength() > MAX_BODY_BYTES && !context.path().equals(TableRoutes.PATH)) {
            throw ErrorAnswers.of(HttpStatus.CONTENT_TOO_LARGE.getCode(), "");
        }
    }

    private static void limit(HttpConfiguration http) {
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setIdleTimeout(IDLE_MILLIS);
        http.setSendServerVersion(false);
    }

    private static void limit(Server server) {
        NetworkConnectionLimit connections = new NetworkConnectionLimit(MAX_CONNECTIONS, server);
        connections.setEndPointIdleTimeout(CROWDED_IDLE_MILLIS);
        server.addBean(connections);
        // Answers may be streams of events, which have no rate.
        server.setHandler(new MinimumDataRateHandler(MIN_BYTES_PER_SECOND, 0));
        server.setErrorHandler(new ProblemHandler());
    }

    /** What Jetty refuses before a route is found. */
    private static final class ProblemHandler extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Object reason = request.getAttribute(ERROR_MESSAGE);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, ErrorAnswers.TYPE);
            Content.Sink.write(response, true, body(response.getStatus(), String.valueOf(reason)), callback);
            return true;
        }

        private static String body(int status, String reason) {
            return ErrorAnswers.text(ErrorAnswers.of(status, reason));
        }
    }
}
