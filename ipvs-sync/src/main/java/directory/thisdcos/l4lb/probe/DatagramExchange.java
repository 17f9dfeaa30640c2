package directory.thisdcos.l4lb.probe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.util.Optional;
import java.util.function.Function;

/** Sends one datagram from a connected socket, which also hears that nobody listens there. */
final class DatagramExchange extends SimpleChannelInboundHandler<DatagramPacket> {
    private final ByteBuf question;
    private final Optional<Function<ByteBuf, Optional<String>>> judge;
    private final Verdict verdict;

    /** @param judge says what is wrong with an answer; empty where none is awaited */
    DatagramExchange(ByteBuf question, Optional<Function<ByteBuf, Optional<String>>> judge, Verdict verdict) {
        this.question = question;
        this.judge = judge;
        this.verdict = verdict;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var unusedWrite = context.writeAndFlush(question.retain());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        Optional<String> fault = judge.flatMap(of -> of.apply(packet.content()));
        if (fault.isPresent()) {
            verdict.bad(fault.get());
        } else {
            verdict.good();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        verdict.bad(CheckExchange.text(cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        question.release();
    }
}
