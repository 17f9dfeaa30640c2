package directory.thisdcos.l4lb.dns.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one upstream over TLS (RFC 7858): made when there is a question, shared by all questions (RFC 7766
 * §6.2.1.1), and closed when there has been none for a while. Runs on one event loop.
 */
// What a write reports comes as a failure of the channel as well.
@SuppressWarnings("FutureReturnValueIgnored")
final class TlsLink {
    private static final int CONNECT_MILLIS = 1_500;
    private static final int HANDSHAKE_MILLIS = 5_000;
    private static final int MAX_MESSAGE = 65_535;
    private static final long IDLE_SECONDS = 10;

    private final EventLoop loop;
    private final Forwarder.Sockets sockets;
    private final SslContext tls;
    private final Resolver resolver;
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private @Nullable Channel channel;
    private boolean proven;
    private @Nullable ScheduledFuture<?> idle;

    TlsLink(EventLoop loop, Forwarder.Sockets sockets, SslContext tls, Resolver resolver) {
        this.loop = loop;
        this.sockets = sockets;
        this.tls = tls;
        this.resolver = resolver;
    }

    /** A question on this connection. */
    private final class Waiting extends Attempt {
        private boolean sentAgain;

        Waiting(UpstreamQuery query, Listener listener) {
            super(resolver, query, listener);
        }

        @Override
        void release() {
            waiting.remove(query().id(), this);
        }
    }

    Attempt ask(UpstreamQuery query, Attempt.Listener listener) {
        Waiting attempt = new Waiting(query, listener);
        if (waiting.putIfAbsent(query.id(), attempt) == null) {
            send(attempt);
        } else {
            // The id is taken. Said later: the one who asks does not expect an answer before this returns.
            loop.execute(() -> attempt.fail("busy"));
        }
        return attempt;
    }

    private void send(Waiting attempt) {
        Channel open = channel;
        if (open == null) {
            proven = false;
            open = connect();
            channel = open;
        }
        if (open.isActive()) {
            write(open, attempt);
        }
        if (idle != null) {
            idle.cancel(false);
        }
        idle = loop.schedule(this::closeIfIdle, IDLE_SECONDS, TimeUnit.SECONDS);
    }

    /** Sent as soon as the other side has proven who it is; the TLS handler sees to that. */
    private static void write(Channel open, Waiting attempt) {
        byte[] bytes = attempt.query().bytes();
        open.writeAndFlush(
                Unpooled.buffer(2 + bytes.length).writeShort(bytes.length).writeBytes(bytes));
    }

    private Channel connect() {
        String name = resolver.upstream().certificateName().orElseThrow();
        int port = resolver.upstream().address().port();
        return new Bootstrap()
                .group(loop)
                .channel(sockets.tcp())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        // The handler checks the certificate against this name (RFC 8310 §8.1).
                        SslHandler handler = tls.newHandler(made.alloc(), name, port);
                        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
                        made.pipeline()
                                .addLast(handler)
                                .addLast(new LengthFieldBasedFrameDecoder(MAX_MESSAGE + 2, 0, 2, 0, 2))
                                .addLast(new Replies());
                    }
                })
                .connect(resolver.socketAddress())
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        loop.execute(() -> lost(
                                "unreachable", String.valueOf(future.cause().getMessage())));
                    }
                })
                .channel();
    }

    private void closeIfIdle() {
        if (waiting.isEmpty() && channel != null) {
            channel.close();
        }
    }

    /** The connection is gone. What a server that was idle closed under our hands is sent again, once (RFC 7766 §6.2.4). */
    private void lost(String reason, String trouble) {
        if (channel == null) {
            return;
        }
        channel.close();
        channel = null;
        boolean again = proven;
        if (!again) {
            resolver.setTrouble(trouble);
        }
        List<Waiting> all = new ArrayList<>(waiting.values());
        for (Waiting attempt : all) {
            if (again && !attempt.sentAgain && !attempt.isClosed()) {
                attempt.sentAgain = true;
                send(attempt);
            } else {
                attempt.fail(reason);
            }
        }
    }

    /** What comes over the connection. */
    private final class Replies extends ChannelInboundHandlerAdapter {
        private String trouble = "the connection was closed";

        /** What was asked before the connection was there has waited: a channel fails what is written to it too early. */
        @Override
        public void channelActive(ChannelHandlerContext context) {
            waiting.values().forEach(attempt -> write(context.channel(), attempt));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                ByteBuf frame = (ByteBuf) message;
                byte[] packet = new byte[frame.readableBytes()];
                frame.readBytes(packet);
                proven = true;
                resolver.setTrouble("");
                Waiting attempt = packet.length < 2 ? null : waiting.get((packet[0] & 0xff) << 8 | (packet[1] & 0xff));
                if (attempt != null) {
                    attempt.deliver(packet);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                lost("closed", trouble);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                exceptionCaught(context, handshake.cause());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            trouble = String.valueOf(root.getMessage());
            context.close();
        }
    }
}
