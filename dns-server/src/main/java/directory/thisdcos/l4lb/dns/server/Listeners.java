package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The sockets that are bound: for each address one UDP and one TCP socket with the same port. */
public final class Listeners implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final int BACKLOG = 1_024;
    private static final int BATCH = 32;
    private static final int MAX_DATAGRAM = 2_048;
    /** With port 0 the kernel picks a free TCP port, which may be taken for UDP. */
    private static final int PORT_TRIES = 20;
    /** Longer than a resolver has to answer. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EventLoops loops;
    private final Engine engine;
    private final int threads;
    private final TcpLimits limits = new TcpLimits();
    private final List<Channel> channels = new ArrayList<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final List<UdpListener> udps = new ArrayList<>();
    private final List<Endpoint> listening = new ArrayList<>();
    private final List<Endpoint> listeningTls = new ArrayList<>();
    private final FastThreadLocal<TcpDesk> desks = new FastThreadLocal<>() {
        @Override
        protected TcpDesk initialValue() {
            return new TcpDesk(engine.newAnswerer());
        }
    };

    /** With {@code threads} threads for each UDP address. */
    public Listeners(EventLoops loops, Engine engine, int threads) {
        this.loops = loops;
        this.engine = engine;
        this.threads = threads;
    }

    /**
     * Binds an address; the exception's message is one line that names it, the protocol and the fix. Every socket is made
     * so that another process can bind the address too (SO_REUSEPORT); whether one has is looked at first, since a second
     * server would take queries from the first unnoticed.
     *
     * @param beside whether another process of ours may still serve the address, to be relieved by this one
     */
    public void bind(Endpoint address, boolean beside) throws IOException {
        if (!beside && address.port() != 0) {
            BindFailure.checkFree(address);
        }
        for (int attempt = 1; ; attempt++) {
            Channel tcp = bound(bindTcp(address, Optional.empty()), address, "TCP");
            Endpoint real = new Endpoint(address.ip(), ((InetSocketAddress) tcp.localAddress()).getPort());
            try {
                udps.add(openUdp(real));
            } catch (IOException e) {
                tcp.close().awaitUninterruptibly();
                if (address.port() == 0 && attempt < PORT_TRIES) {
                    continue;
                }
                throw e;
            }
            if (beside) {
                Newcomer.takeAll(tcp);
            }
            channels.add(tcp);
            listening.add(real);
            return;
        }
    }

    /** Loads the calls of the C library. */
    public static void preload() {
        UdpCalls.isAvailable();
    }

    private UdpListener openUdp(Endpoint address) throws IOException {
        if (!UdpCalls.isAvailable()) {
            return new NettyUdp(bound(bindUdp(address), address, "UDP"));
        }
        try {
            return BatchedUdpListener.open(address, engine, threads);
        } catch (IOException e) {
            throw BindFailure.of(address, "UDP", e);
        }
    }

    /** Binds an address for TLS only (RFC 7858); throws as {@link #bind} does, and if the files cannot be used. */
    public void bindTls(Endpoint address, TlsFiles files, ProblemBoard problems, boolean beside) throws IOException {
        TlsIdentity identity = new TlsIdentity(files, problems);
        if (!beside && address.port() != 0) {
            BindFailure.checkFree(address);
        }
        Channel channel = bound(bindTcp(address, Optional.of(identity)), address, "TLS");
        if (beside) {
            Newcomer.takeAll(channel);
        }
        channels.add(channel);
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        listeningTls.add(new Endpoint(address.ip(), port));
    }

    /** The addresses that are bound for TLS, with their real ports. */
    public List<Endpoint> listeningTls() {
        return List.copyOf(listeningTls);
    }

    private static Channel bound(ChannelFuture binding, Endpoint address, String protocol) throws IOException {
        binding.awaitUninterruptibly();
        Throwable cause = binding.cause();
        if (cause != null) {
            throw BindFailure.of(address, protocol, cause);
        }
        return binding.channel();
    }

    private ChannelFuture bindUdp(Endpoint address) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops.group())
                .channel(loops.udp())
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .handler(new UdpHandler(engine));
        if (loops.isEpoll()) {
            // Several packets for each system call: recvmmsg needs room for more than one.
            bootstrap
                    .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM * BATCH));
        } else {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
        }
        return bootstrap.bind(socketAddress(address));
    }

    private ChannelFuture bindTcp(Endpoint address, Optional<TlsIdentity> tls) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (loops.isEpoll()) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        return bootstrap
                .group(loops.group())
                .channel(loops.tcpServer())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Bounded, so that a client that reads slowly is seen to read and one that does not costs little.
                .childOption(ChannelOption.SO_SNDBUF, TcpLimits.SEND_BUFFER)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, tls.isEmpty())
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(TcpLimits.WRITE_WATERMARK / 2, TcpLimits.WRITE_WATERMARK))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, tls);
                    }
                })
                .bind(socketAddress(address));
    }

    /** Runs on the connection's own event loop, so it finds that thread's desk. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void accept(SocketChannel channel, Optional<TlsIdentity> tls) {
        InetSocketAddress remote = channel.remoteAddress();
        if (remote == null || !limits.open(remote.getAddress())) {
            channel.close();
            return;
        }
        connections.add(channel);
        channel.closeFuture().addListener(closed -> {
            limits.closed(remote.getAddress());
            connections.remove(channel);
        });
        tls.ifPresent(identity -> channel.pipeline().addLast(identity.context().newHandler(channel.alloc())));
        channel.pipeline()
                .addLast(new TcpConnection(
                        engine,
                        limits,
                        desks.get(),
                        remote.getAddress(),
                        tls.isPresent() ? Transport.TLS : Transport.TCP));
    }

    private static InetSocketAddress socketAddress(Endpoint endpoint) {
        Ip ip = endpoint.ip();
        return new InetSocketAddress(ip.toInetAddress(), endpoint.port());
    }

    /** The bound addresses with their real ports. */
    public List<Endpoint> listening() {
        return List.copyOf(listening);
    }

    /** Takes no more queries, and then answers those that it has. */
    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        channels.clear();
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(TcpConnection.LAST_CALL));
        udps.forEach(UdpListener::close);
        udps.clear();
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (!connections.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
