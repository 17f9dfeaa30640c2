package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.dns.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one UDP socket. Responses of one batch of packets are flushed together: one system call with epoll. */
// Netty closes a channel when a write fails; a future of its own would tell us nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class UdpHandler extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final Logger log = LoggerFactory.getLogger(UdpHandler.class);

    private final Engine engine;
    private final Answerer answerer;
    private final byte[] request = new byte[Wire.MAX_MESSAGE];
    private final byte[] response = new byte[Answerer.bufferSize(Transport.UDP)];

    UdpHandler(Engine engine) {
        this.engine = engine;
        this.answerer = engine.newAnswerer();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        InetSocketAddress sender = packet.sender();
        // Port 0 cannot be answered.
        if (sender.getPort() == 0) {
            return;
        }
        int length = packet.content().readableBytes();
        packet.content().readBytes(request, 0, length);
        long began = System.nanoTime();
        int size = answerer.answer(request, length, Transport.UDP, sender.getAddress(), response);
        answerer.took(System.nanoTime() - began);
        if (size > 0) {
            ByteBuf out = context.alloc().buffer(size).writeBytes(response, 0, size);
            context.write(new DatagramPacket(out, sender), context.voidPromise());
        } else if (size == Answerer.DEFERRED) {
            engine.defer(
                    answerer.deferred(),
                    bytes ->
                            context.channel().writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), sender)));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /** ICMP errors of clients that went away come here too; they are no reason to stop. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("UDP on {}: {}", context.channel().localAddress(), cause.toString());
    }
}
