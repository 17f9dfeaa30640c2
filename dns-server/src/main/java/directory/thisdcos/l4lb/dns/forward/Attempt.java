package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One question to one upstream over a socket of its own. The socket is connected, so the kernel lets in packets of that
 * address and port only, and has a port that the kernel picked at random (RFC 5452 §9.2).
 */
// What a write reports is looked at in the listener.
@SuppressWarnings("FutureReturnValueIgnored")
final class Attempt extends ChannelInboundHandlerAdapter {
    private final Exchange exchange;
    private final UpstreamQuery question;
    private final boolean overTcp;
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private @Nullable ChannelFuture connection;
    private boolean closed;

    private Attempt(Exchange exchange, UpstreamQuery question, boolean overTcp) {
        this.exchange = exchange;
        this.question = question;
        this.overTcp = overTcp;
    }

    static Attempt begin(
            EventLoop loop,
            Forwarder.Sockets sockets,
            Endpoint upstream,
            UpstreamQuery question,
            boolean overTcp,
            Exchange exchange) {
        Attempt attempt = new Attempt(exchange, question, overTcp);
        attempt.connection = new Bootstrap()
                .group(loop)
                .channel(overTcp ? sockets.tcp() : sockets.udp())
                .handler(attempt)
                .connect(new InetSocketAddress(upstream.ip().toInetAddress(), upstream.port()));
        attempt.connection.addListener(future -> {
            // A socket that could not even be made reports from another thread.
            if (!future.isSuccess()) {
                loop.execute(() -> attempt.fail("unreachable"));
            }
        });
        return attempt;
    }

    void close() {
        closed = true;
        if (connection != null) {
            connection.channel().close();
        }
    }

    private void fail(String result) {
        if (!closed) {
            exchange.failed(result);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ByteBuf packet = Unpooled.buffer(2 + question.bytes().length);
        if (overTcp) {
            packet.writeShort(question.bytes().length);
        }
        packet.writeBytes(question.bytes());
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
            if (!overTcp) {
                exchange.received(question, false, bytes);
                return;
            }
            stream.write(bytes, 0, bytes.length);
            streamed();
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** There is one reply on a connection of ours; a wrong one will not be followed by a right one. */
    private void streamed() {
        byte[] received = stream.toByteArray();
        if (received.length < 2) {
            return;
        }
        int size = (received[0] & 0xff) << 8 | (received[1] & 0xff);
        if (received.length >= 2 + size) {
            byte[] reply = java.util.Arrays.copyOfRange(received, 2, 2 + size);
            if (!exchange.received(question, true, reply)) {
                fail("mismatch");
            }
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
