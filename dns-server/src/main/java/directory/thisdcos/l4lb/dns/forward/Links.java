package directory.thisdcos.l4lb.dns.forward;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The ways to upstreams: a socket for each question, or a connection that is kept, for DNS over TLS. */
final class Links {
    private final Forwarder.Sockets sockets;
    private final Optional<Path> authority;
    private final Map<Key, TlsLink> kept = new ConcurrentHashMap<>();
    private @Nullable SslContext tls;

    /** A connection is used by one event loop only. */
    private record Key(EventLoop loop, Resolver resolver) {}

    /**
     * @param authority certificates of authorities (PEM) that upstreams over TLS are checked with; empty for those that the
     *     JVM trusts
     * @param overTls whether there are such upstreams: what TLS needs takes a quarter of a second to load, which is done here
     *     for them and for nobody else
     * @throws IllegalArgumentException if the certificates cannot be read
     */
    Links(Forwarder.Sockets sockets, Optional<Path> authority, boolean overTls) {
        this.sockets = sockets;
        this.authority = authority;
        if (overTls || authority.isPresent()) {
            tls();
        }
    }

    private synchronized SslContext tls() {
        SslContext made = tls;
        if (made == null) {
            made = make(authority);
            tls = made;
        }
        return made;
    }

    private static SslContext make(Optional<Path> authority) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            authority.ifPresent(file -> builder.trustManager(file.toFile()));
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            String which = authority.map(file -> "--upstream-ca " + file + ": ").orElse("TLS: ");
            throw new IllegalArgumentException(which + "no certificates in PEM form: " + e.getMessage(), e);
        }
    }

    /** Sends a question to a resolver that was entered; to be called on {@code loop}. */
    Attempt ask(EventLoop loop, Resolver resolver, UpstreamQuery query, Attempt.Listener listener) {
        if (!resolver.isStream()) {
            return SocketAttempt.begin(loop, sockets, resolver, query, listener);
        }
        return kept.computeIfAbsent(new Key(loop, resolver), key -> new TlsLink(loop, sockets, tls(), resolver))
                .ask(query, listener);
    }
}
