package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.forward.Forwarder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that serve sockets, with the channel classes that fit them. */
public record EventLoops(
        EventLoopGroup group,
        Class<? extends DatagramChannel> udp,
        Class<? extends SocketChannel> tcp,
        Class<? extends ServerSocketChannel> tcpServer)
        implements AutoCloseable {

    private static final long CLOSE_MILLIS = 1_000;

    /** Starts threads whose names begin with {@code name}. */
    public static EventLoops start(String name, int threads) {
        DefaultThreadFactory factory = new DefaultThreadFactory(name, true);
        if (Epoll.isAvailable()) {
            return new EventLoops(
                    new MultiThreadIoEventLoopGroup(threads, factory, EpollIoHandler.newFactory()),
                    EpollDatagramChannel.class,
                    EpollSocketChannel.class,
                    EpollServerSocketChannel.class);
        }
        return new EventLoops(
                new MultiThreadIoEventLoopGroup(threads, factory, NioIoHandler.newFactory()),
                NioDatagramChannel.class,
                NioSocketChannel.class,
                NioServerSocketChannel.class);
    }

    boolean isEpoll() {
        return udp == EpollDatagramChannel.class;
    }

    public Forwarder.Sockets sockets() {
        return new Forwarder.Sockets(group, udp, tcp);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
