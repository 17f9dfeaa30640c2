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

/** The ways to upstreams: a socket for each question, or a connection that is kept, for DNS over TLS. */
final class Links {
    private final Forwarder.Sockets sockets;
    private final SslContext tls;
    private final Map<Key, TlsLink> kept = new ConcurrentHashMap<>();

    /** A connection is used by one event loop only. */
    private record Key(EventLoop loop, Resolver resolver) {}

    /**
     * @param authority certificates of authorities (PEM) that upstreams over TLS are checked with; empty for those that the
     *     JVM trusts
     * @throws IllegalArgumentException if they cannot be read
     */
    Links(Forwarder.Sockets sockets, Optional<Path> authority) {
        this.sockets = sockets;
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            authority.ifPresent(file -> builder.trustManager(file.toFile()));
            tls = builder.build();
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
        return kept.computeIfAbsent(new Key(loop, resolver), key -> new TlsLink(loop, sockets, tls, resolver))
                .ask(query, listener);
    }
}
