package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether the neighbours' machines answer: a TCP connection to the port that each node opens for
 * this, which is closed by a reset at once. The machine's kernel answers it, with or without the program: so neither a
 * long pause of the program there nor its end looks like the machine's.
 *
 * <p>Everything happens on one thread, {@code reach-probes}; a neighbour costs one connection for each interval.
 */
public final class NeighbourProbes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NeighbourProbes.class);

    /** Strangers that connect are remembered, so that each causes one look at the list. */
    private static final int MAX_STRANGERS = 256;

    private static final int BACKLOG = 1024;

    /** What is told to others. */
    public interface Listener {
        /** The witness changed. */
        void witnessChanged();

        /** The list of neighbours may be old: one of them refuses or is lost, or a stranger looks at this node. */
        void neighboursDoubted();
    }

    private final ProbeSettings settings;
    private final Listener listener;
    private final ProbeMetrics metrics;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("reach-probes", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final TcpProbe probe = new TcpProbe(loop);
    private final Channel server;

    // Only the loop's thread touches these.
    private final Watched watched;
    private final Set<InetAddress> strangers = new HashSet<>();

    private volatile SortedSet<Ip> unreachable = Collections.emptySortedSet();
    private volatile boolean closed;

    private NeighbourProbes(ProbeSettings settings, Listener listener, ProbeMetrics metrics, InetSocketAddress listen)
            throws IOException {
        this.settings = settings;
        this.listener = listener;
        this.metrics = metrics;
        this.watched = new Watched(settings);
        try {
            this.server = bind(listen);
        } catch (IOException e) {
            var unusedStop = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    /**
     * Begins to listen; looks at nobody before {@link #neighbours}.
     *
     * @throws IOException the address is in use, or not this machine's
     */
    public static NeighbourProbes open(
            ProbeSettings settings, Endpoint listen, Listener listener, PrometheusRegistry registry)
            throws IOException {
        ProbeMetrics metrics = new ProbeMetrics();
        NeighbourProbes probes = new NeighbourProbes(
                settings, listener, metrics, new InetSocketAddress(listen.ip().toInetAddress(), listen.port()));
        // Only now: after a port that is in use another one may be tried.
        metrics.register(registry);
        return probes;
    }

    private Channel bind(InetSocketAddress listen) throws IOException {
        var bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_LINGER, 0)
                .childHandler(new Visitors())
                .bind(listen)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen at " + listen + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    /** A visitor wants nothing but the connection. */
    @Sharable
    private final class Visitors extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (context.channel().remoteAddress() instanceof InetSocketAddress from) {
                visited(from.getAddress());
            }
            var unusedClose = context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unusedClose = context.close();
        }
    }

    private void visited(InetAddress from) {
        if (!watched.knows(Ip.of(from)) && strangers.size() < MAX_STRANGERS && strangers.add(from)) {
            listener.neighboursDoubted();
        }
    }

    /** Where this node can be looked at; the port is the one that was given by the kernel if 0 was asked for. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Sets who is looked at from now on; from any thread. */
    public void neighbours(List<Neighbour> now) {
        loop.execute(() -> {
            SortedSet<Ip> before = unreachable;
            for (Watched.Entry entry : watched.set(now, System.nanoTime())) {
                // Spread over the interval, so that probes of a restarted cluster do not meet.
                later(
                        entry,
                        ThreadLocalRandom.current().nextLong(settings.interval().toNanos()));
            }
            strangers.clear();
            publish(before);
        });
    }

    private void later(Watched.Entry entry, long nanos) {
        if (!closed) {
            var unusedTimer = loop.schedule(() -> look(entry), nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void look(Watched.Entry entry) {
        if (closed || !watched.isWatched(entry)) {
            return;
        }
        long began = System.nanoTime();
        probe.connect(entry.neighbour().probe(), settings.timeout(), outcome -> {
            result(entry, outcome);
            long interval = settings.interval().toNanos();
            long jitter = ThreadLocalRandom.current().nextLong(interval / 5 + 1) - interval / 10;
            later(entry, Math.max(0, interval + jitter - (System.nanoTime() - began)));
        });
    }

    private void result(Watched.Entry entry, ProbeOutcome outcome) {
        metrics.probed(outcome);
        SortedSet<Ip> before = unreachable;
        if (watched.add(entry, outcome, System.nanoTime())) {
            log.info(
                    "neighbour={} address={} {}",
                    entry.neighbour().id(),
                    entry.neighbour().probe(),
                    entry.isDown() ? "does not answer any more" : "answers again");
        }
        publish(before);
        if (!entry.isFormer() && (outcome == ProbeOutcome.REFUSED || outcome == ProbeOutcome.LOST)) {
            listener.neighboursDoubted();
        }
    }

    private void publish(SortedSet<Ip> before) {
        SortedSet<Ip> now = watched.unreachable();
        metrics.watched(watched.entries());
        if (!now.equals(before)) {
            unreachable = now;
            listener.witnessChanged();
        }
    }

    /** The witness: probe addresses that answered this process once and do not any more. */
    public SortedSet<Ip> unreachable() {
        return unreachable;
    }

    /** Where it looks now, for tests. */
    SortedSet<Ip> looksAt() {
        TreeSet<Ip> all = new TreeSet<>();
        loop.submit(() -> watched.entries()
                        .forEach(entry -> all.add(entry.neighbour().probe().ip())))
                .syncUninterruptibly();
        return all;
    }

    @Override
    public void close() {
        closed = true;
        server.close().awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
    }
}
