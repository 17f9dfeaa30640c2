package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Carries out one check: connects, asks, and judges what comes back before the time is over. */
final class CheckExchange {
    private final EventLoop loop;

    CheckExchange(EventLoop loop) {
        this.loop = loop;
    }

    /** Made with the first check that needs it: that takes a tenth of a node's start. */
    private static final class Tls {
        private static final SslContext CONTEXT = context();

        private static SslContext context() {
            try {
                // Whether the certificate is right is for the clients to say; the check asks whether the server serves.
                return SslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        }
    }

    /** Tells what is wrong, once, on the loop's thread; empty if the server serves. */
    void run(CheckKey key, Consumer<Optional<String>> result) {
        Verdict verdict = new Verdict(result);
        Check check = key.check();
        Bootstrap bootstrap = new Bootstrap().group(loop);
        switch (check.kind()) {
            case TCP -> bootstrap.handler(new Silent());
            case HTTP, HTTPS ->
                bootstrap.handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (check.kind() == Check.Kind.HTTPS) {
                            channel.pipeline().addLast(Tls.CONTEXT.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new HttpExchange(request(key), verdict));
                    }
                });
            case DNS -> bootstrap.handler(DnsExchange.of(check.target(), verdict));
            case UDP ->
                bootstrap.handler(new DatagramExchange(
                        // Netty sends no empty datagram.
                        Unpooled.copiedBuffer(check.target().isEmpty() ? "\0" : check.target(), StandardCharsets.UTF_8),
                        check.target().isEmpty() ? Optional.empty() : Optional.of(any -> Optional.empty()),
                        verdict));
        }
        if (check.kind() == Check.Kind.DNS || check.kind() == Check.Kind.UDP) {
            bootstrap.channel(NioDatagramChannel.class);
        } else {
            bootstrap
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, check.timeoutMillis())
                    // The server should not keep what a check leaves, nor this machine.
                    .option(ChannelOption.SO_LINGER, 0);
        }
        ChannelFuture connected = bootstrap.connect(address(key.server()));
        verdict.channel = connected.channel();
        connected.addListener((ChannelFuture future) -> {
            if (!future.isSuccess()) {
                verdict.bad(text(future.cause()));
            } else if (check.kind() == Check.Kind.TCP) {
                verdict.good();
            }
        });
        boolean isSilenceGood = check.kind() == Check.Kind.UDP && check.target().isEmpty();
        verdict.timer = loop.schedule(
                () -> {
                    if (isSilenceGood) {
                        verdict.good();
                    } else {
                        verdict.bad("no answer within " + check.timeoutMillis() + " ms");
                    }
                },
                check.timeoutMillis(),
                TimeUnit.MILLISECONDS);
        if (verdict.isOver()) {
            verdict.timer.cancel(false);
        }
    }

    private static InetSocketAddress address(Endpoint server) {
        return new InetSocketAddress(server.ip().toInetAddress(), server.port());
    }

    private static ByteBuf request(CheckKey key) {
        String path = key.check().target().isEmpty() ? "/" : key.check().target();
        return Unpooled.copiedBuffer(
                "GET " + path + " HTTP/1.1\r\nHost: " + key.server()
                        + "\r\nUser-Agent: l4lb-check\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                StandardCharsets.US_ASCII);
    }

    static int randomId() {
        return ThreadLocalRandom.current().nextInt(1 << 16);
    }

    static String text(Throwable cause) {
        if (cause instanceof PortUnreachableException
                || (cause instanceof ConnectException
                        && String.valueOf(cause.getMessage()).contains("refused"))) {
            return "connection refused";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.replaceAll("[\\p{Cntrl}]", " ");
    }
}
