package directory.thisdcos.l4lb.source.http;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends one request and gives its answer, whatever its status: no redirect, no retry, no cookie, no proxy, no
 * compression. Safe for every thread.
 */
public final class HttpTransport implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_CONNECTIONS = 16;

    /** A name that is new is being resolved elsewhere. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    /** Without a charset, which JSON has none of (RFC 8259): Mesos compares the whole header (415 otherwise). */
    private static final ContentType JSON = ContentType.create("application/json");

    private final CloseableHttpClient client;

    /**
     * @param caFile certificates in PEM form that alone are trusted; the JDK's if empty
     * @throws IOException if the file cannot be used; the message names it
     */
    public HttpTransport(HostAddresses hosts, Optional<Path> caFile) throws IOException {
        Timeout connect = Timeout.of(CONNECT_WITHIN);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Resolver(hosts))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(TrustedAuthorities.context(caFile)))
                        .setDefaultTlsConfig(
                                TlsConfig.custom().setHandshakeTimeout(connect).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(connect)
                                .build())
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("l4lb")
                .build();
    }

    /** Sends {@code call} to {@code uri}; its path is ignored. */
    HttpAnswer send(HttpCall call, URI uri, Optional<String> authorization) throws HttpFailure {
        HttpUriRequestBase request = new HttpUriRequestBase(call.method(), uri);
        call.headers().forEach(request::setHeader);
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        call.json()
                .ifPresent(json -> request.setEntity(new ByteArrayEntity(json.getBytes(StandardCharsets.UTF_8), JSON)));
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(call.silence()))
                .setConnectionRequestTimeout(Timeout.of(call.silence()))
                .build());
        String server = ServerUrl.shown(uri);
        try {
            ClassicHttpResponse response = client.executeOpen(null, request, null);
            InputStream content = response.getEntity() == null
                    ? InputStream.nullInputStream()
                    : response.getEntity().getContent();
            return new HttpAnswer(
                    uri,
                    response.getCode(),
                    name -> Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue),
                    new AnswerBody(content, server, call),
                    () -> close(request, response));
        } catch (IOException e) {
            throw HttpFailure.of(server, e);
        } catch (IllegalStateException e) {
            throw new HttpFailure(HttpFailure.Reason.CUT, server + ": the client is closed", e);
        }
    }

    private static void close(HttpUriRequestBase request, ClassicHttpResponse response) {
        request.cancel();
        try {
            response.close();
        } catch (IOException e) {
            // The connection is gone, which was the purpose.
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private record Resolver(HostAddresses hosts) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            Optional<Ip> found = hosts.resolve(name);
            long end = System.nanoTime() + CONNECT_WITHIN.toNanos();
            while (found.isEmpty() && !hosts.isSettled(name) && System.nanoTime() < end) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                found = hosts.resolve(name);
            }
            Ip ip = found.orElseThrow(() -> new UnknownHostException("the host name " + name + " cannot be resolved"));
            return new InetAddress[] {InetAddress.getByAddress(name, ip.octets())};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
