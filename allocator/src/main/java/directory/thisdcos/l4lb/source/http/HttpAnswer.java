package directory.thisdcos.l4lb.source.http;

import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * An answer whose body has not been read yet. Closing it before the end of the body closes the connection, from any
 * thread; a reader then fails at once.
 */
public final class HttpAnswer implements AutoCloseable {
    private final URI uri;
    private final int status;
    private final Function<String, Optional<String>> headers;
    private final InputStream body;
    private final Runnable closing;

    HttpAnswer(URI uri, int status, Function<String, Optional<String>> headers, InputStream body, Runnable closing) {
        this.uri = uri;
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.closing = closing;
    }

    public int status() {
        return status;
    }

    /** The first header of that name. */
    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    /** The body; what goes wrong with it is an {@link HttpFailure}. Closing it does nothing: close the answer. */
    public InputStream body() {
        return body;
    }

    /** Who answered, after all redirects: text without secrets. */
    public String server() {
        return ServerUrl.shown(uri.resolve("/")).replaceAll("/$", "");
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        closing.run();
    }
}
