package directory.thisdcos.l4lb.source.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of which any may be asked: the members of one Marathon, or the masters of one Mesos. The one that answered
 * last is asked first. Redirects (to a leader) are followed. Safe for every thread.
 *
 * <p>Credentials go along with a redirect, because a leader asks for them too, but never from https to http.
 */
public final class ServerGroup {
    private static final Logger log = LoggerFactory.getLogger(ServerGroup.class);

    private static final int MAX_REDIRECTS = 5;

    private final HttpTransport transport;
    private final List<ServerUrl> urls;
    private final Authorization authorization;
    private volatile int preferred;

    /** @param urls at least one */
    public ServerGroup(HttpTransport transport, List<ServerUrl> urls, Authorization authorization) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no URL");
        }
        this.transport = transport;
        this.urls = List.copyOf(urls);
        this.authorization = authorization;
    }

    /**
     * Asks one server after the other until one answers with a status of 200 to 299.
     *
     * @throws HttpFailure the last server's, or that of the first that gave an answer of its own (400 to 499): asking
     *     another one would not change it
     */
    public HttpAnswer call(HttpCall call) throws HttpFailure {
        int first = preferred;
        for (int i = 0; ; i++) {
            int index = (first + i) % urls.size();
            try {
                HttpAnswer answer = ask(urls.get(index), call);
                preferred = index;
                return answer;
            } catch (HttpFailure e) {
                if (i + 1 >= urls.size() || (e.status() >= 400 && e.status() < 500)) {
                    throw e;
                }
                log.debug("{}; asking the next of {} servers", e.getMessage(), urls.size());
            }
        }
    }

    /** Asks another server first next time: the present one answers, and what it says is of no use. */
    public void preferAnother() {
        preferred = (preferred + 1) % urls.size();
    }

    private HttpAnswer ask(ServerUrl server, HttpCall call) throws HttpFailure {
        URI uri = server.at(call.path());
        boolean renewed = false;
        int redirects = 0;
        while (true) {
            Optional<String> header = header(server, uri);
            HttpAnswer answer = transport.send(call, uri, header);
            int status = answer.status();
            if (status >= 200 && status < 300) {
                return answer;
            }
            answer.close();
            Optional<String> location = answer.header("Location");
            if (status >= 300 && status < 400 && location.isPresent()) {
                if (++redirects > MAX_REDIRECTS) {
                    throw new HttpFailure(
                            HttpFailure.Reason.REDIRECT,
                            status,
                            server + ": more than " + MAX_REDIRECTS + " redirects, the last to "
                                    + ServerUrl.shown(uri));
                }
                uri = target(uri, location.get());
            } else if (status == 401
                    && !renewed
                    && server.login().isEmpty()
                    && authorization.renewed(header.orElse(""))) {
                renewed = true;
            } else {
                throw new HttpFailure(
                        status == 401 || status == 403 ? HttpFailure.Reason.REFUSED : HttpFailure.Reason.STATUS,
                        status,
                        ServerUrl.shown(uri) + " answered " + status + hint(status, header.isPresent()));
            }
        }
    }

    private Optional<String> header(ServerUrl server, URI uri) throws HttpFailure {
        boolean wasTls = "https".equals(server.base().getScheme());
        if (wasTls && !"https".equals(uri.getScheme())) {
            return Optional.empty();
        }
        // What a URL holds is meant for its server; the rest is for all.
        Optional<String> own = server.login().map(BasicLogin::header);
        return own.isPresent() ? own : authorization.header();
    }

    private static String hint(int status, boolean credentials) {
        return switch (status) {
            case 401 -> credentials ? ": it does not know these credentials" : ": it wants credentials";
            case 403 -> ": these credentials may not read this";
            default -> "";
        };
    }

    /** RFC 3986 section 5.2; Mesos answers {@code //leader:5050/…}. */
    static URI target(URI from, String location) throws HttpFailure {
        try {
            URI to = from.resolve(new URI(location.strip()));
            String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
            if (to.getHost() == null || (!scheme.equals("http") && !scheme.equals("https"))) {
                throw new URISyntaxException(ServerUrl.shown(to), "no http or https URL");
            }
            String query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
            return new URI(ServerUrl.shown(to) + query);
        } catch (URISyntaxException e) {
            throw new HttpFailure(
                    HttpFailure.Reason.REDIRECT, ServerUrl.shown(from) + " redirects to something that is no URL", e);
        }
    }

    @Override
    public String toString() {
        return urls.toString();
    }
}
