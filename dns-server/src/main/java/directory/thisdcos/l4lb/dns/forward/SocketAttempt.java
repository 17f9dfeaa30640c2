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
 * A question over a socket of its own. The socket is connected, so the kernel lets in packets of that address and port
 * only, and has a port that the kernel picked at random (RFC 5452 §9.2).
 */
// What a write reports is looked at in the listener.
@SuppressWarnings("FutureReturnValueIgnored")
final class SocketAttempt extends Attempt {
    /** More than we ask for: some servers send what they like. */
    static final int MAX_DATAGRAM = 4_096;

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private @Nullable ChannelFuture connection;
    /** Octets of the reply, once its first two have come over TCP. */
    private int expected = -1;

    private SocketAttempt(Resolver resolver, UpstreamQuery query, Listener listener) {
        super(resolver, query, listener);
    }

    static SocketAttempt begin(
            EventLoop loop, Forwarder.Sockets sockets, Resolver resolver, UpstreamQuery query, Listener listener) {
        SocketAttempt attempt = new SocketAttempt(resolver, query, listener);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(attempt.isTcp() ? sockets.tcp() : sockets.udp())
                .handler(attempt.new Handler());
        if (!attempt.isTcp()) {
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

    @Override
    void release() {
        if (connection != null) {
            connection.channel().close();
        }
    }

    private void read(byte[] bytes) {
        if (!isTcp()) {
            deliver(bytes);
            return;
        }
        stream.write(bytes, 0, bytes.length);
        if (expected < 0 && stream.size() >= 2) {
            byte[] received = stream.toByteArray();
            expected = (received[0] & 0xff) << 8 | (received[1] & 0xff);
        }
        if (expected >= 0 && stream.size() >= 2 + expected) {
            deliver(Arrays.copyOfRange(stream.toByteArray(), 2, 2 + expected));
        }
    }

    /** What the socket tells. */
    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            byte[] bytes = query().bytes();
            ByteBuf packet = Unpooled.buffer(2 + bytes.length);
            if (isTcp()) {
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
                ByteBuf content = message instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) message;
                byte[] bytes = new byte[content.readableBytes()];
                content.readBytes(bytes);
                read(bytes);
            } finally {
                ReferenceCountUtil.release(message);
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
}
