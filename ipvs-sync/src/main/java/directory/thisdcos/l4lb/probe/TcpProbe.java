package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.function.Consumer;

/** Opens a connection and resets it at once: the smallest exchange that a kernel answers by itself. */
final class TcpProbe {
    /** A time-out that was noticed so much too late was this machine's pause, not the neighbour's silence. */
    private static final long LATE_NANOS = Duration.ofMillis(250).toNanos();

    private final EventLoop loop;

    TcpProbe(EventLoop loop) {
        this.loop = loop;
    }

    /** Tells the outcome once, on the loop's thread. */
    void connect(Endpoint to, Duration timeout, Consumer<ProbeOutcome> outcome) {
        long began = System.nanoTime();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(to.ip().toInetAddress(), to.port()))
                .addListener((ChannelFuture future) -> {
                    var unusedClose = future.channel().close();
                    outcome.accept(of(future, System.nanoTime() - began - timeout.toNanos()));
                });
    }

    private static ProbeOutcome of(ChannelFuture future, long overNanos) {
        Throwable cause = future.cause();
        if (cause == null) {
            return ProbeOutcome.ANSWERED;
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException) {
            return overNanos > LATE_NANOS ? ProbeOutcome.UNKNOWN : ProbeOutcome.LOST;
        }
        boolean isRefused = cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused");
        return isRefused ? ProbeOutcome.REFUSED : ProbeOutcome.UNKNOWN;
    }
}
