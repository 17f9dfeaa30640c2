package directory.thisdcos.l4lb.dns.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One question to one upstream over a socket of its own. The socket is connected, so the kernel lets in packets of that
 * address and port only, and has a port that the kernel picked at random (RFC 5452 §9.2).
 */
// What a write reports is looked at in the listener.
@SuppressWarnings("FutureReturnValueIgnored")
final class Attempt extends ChannelInboundHandlerAdapter {
    /** More than we ask for: some servers send what they like. */
    private static final int MAX_DATAGRAM = 4_096;

    /** Who asked. Called on the event loop; not after {@link #close}. */
    interface Listener {
        /** A packet has come; over TCP the only one. */
        void received(Attempt attempt, byte[] packet);

        /** Nothing will come. */
        void failed(Attempt attempt, String reason);
    }

    private final Resolver resolver;
    private final UpstreamQuery query;
    private final Listener listener;
    private final long began = System.nanoTime();
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private @Nullable ChannelFuture connection;
    /** Octets of the reply, once its first two have come over TCP. */
    private int expected = -1;

    private boolean closed;

    private Attempt(Resolver resolver, UpstreamQuery query, Listener listener) {
        this.resolver = resolver;
        this.query = query;
        this.listener = listener;
    }

    /** Sends the question; to be called on {@code loop}, for a resolver that was entered. */
    static Attempt begin(
            EventLoop loop, Forwarder.Sockets sockets, Resolver resolver, UpstreamQuery query, Listener listener) {
        Attempt attempt = new Attempt(resolver, query, listener);
        boolean tcp = query.manner().tcp();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(tcp ? sockets.tcp() : sockets.udp())
                .handler(attempt);
        if (!tcp) {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
        }
        attempt.connection = bootstrap.connect(resolver.socketAddress());
        attempt.connection.addListener(future -> {
            // A socket that could not even be made reports from another thread.
            if (!future.isSuccess()) {
                loop.execute(() -> attempt.fail("unreachable"));
            }
        });
        return attempt;
    }

    Resolver resolver() {
        return resolver;
    }

    UpstreamQuery query() {
        return query;
    }

    boolean isTcp() {
        return query.manner().tcp();
    }

    long ageNanos() {
        return System.nanoTime() - began;
    }

    void close() {
        if (!closed) {
            closed = true;
            resolver.leave();
            if (connection != null) {
                connection.channel().close();
            }
        }
    }

    private void fail(String reason) {
        if (!closed) {
            listener.failed(this, reason);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        byte[] bytes = query.bytes();
        ByteBuf packet = Unpooled.buffer(2 + bytes.length);
        if (query.manner().tcp()) {
            packet.writeShort(bytes.length);
        }
        packet.writeBytes(bytes);
        context.writeAndFlush(packet).addListener(future -> {
            if (!future.isSuccess()) {
                fail("unreachable");
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (closed) {
                return;
            }
            ByteBuf content = message instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) message;
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            if (query.manner().tcp()) {
                stream.write(bytes, 0, bytes.length);
                streamed();
            } else {
                listener.received(this, bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void streamed() {
        if (expected < 0 && stream.size() >= 2) {
            byte[] received = stream.toByteArray();
            expected = (received[0] & 0xff) << 8 | (received[1] & 0xff);
        }
        if (expected >= 0 && stream.size() >= 2 + expected) {
            listener.received(this, Arrays.copyOfRange(stream.toByteArray(), 2, 2 + expected));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail("closed");
    }

    /** A connected UDP socket hears of "port unreachable": no need to wait for the time-out. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail("unreachable");
    }
}
