package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.Transfer;
import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.dns.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP client (RFC 7766): many queries may be under way at once, and what a resolver must answer does not hold up
 * what we know ourselves. Reading stops while the client does not read, so memory per connection is bounded.
 */
// Netty closes a channel when a write fails; a future of its own would tell us nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class TcpConnection extends ChannelInboundHandlerAdapter {

    /**
     * An event: what has come is answered, and then the connection is closed. A query that is under way to us can be
     * answered by nobody else, so who has not asked yet, or not finished asking, has a moment for it.
     */
    static final Object LAST_CALL = new Object();

    private final Engine engine;
    private final TcpLimits limits;
    private final TcpDesk desk;
    private final InetAddress client;
    private final Transport transport;

    private final Queue<Transfer> transfers = new ArrayDeque<>();
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private int inFlight;
    private boolean inputClosed;
    private boolean hasAsked;
    private boolean lastCall;
    private long lastProgress = System.nanoTime();
    private long messageBegan;
    private long unwritableSince;
    private long armedFor = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> timer;

    TcpConnection(Engine engine, TcpLimits limits, TcpDesk desk, InetAddress client, Transport transport) {
        this.engine = engine;
        this.limits = limits;
        this.desk = desk;
        this.client = client;
        this.transport = transport;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        arm(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            ReferenceCountUtil.release(message);
            return;
        }
        lastProgress = System.nanoTime();
        if (pending.isReadable()) {
            ByteBuf joined = context.alloc().buffer(pending.readableBytes() + bytes.readableBytes());
            joined.writeBytes(pending).writeBytes(bytes);
            bytes.release();
            bytes = joined;
        }
        pending.release();
        pending = bytes;
        serve(context);
    }

    private void serve(ChannelHandlerContext context) {
        boolean served = !transfers.isEmpty();
        pump(context);
        // Flushing may call back into this method, so what is there to read is looked at last.
        while (isWritable(context) && inFlight < TcpLimits.MAX_IN_FLIGHT && hasMessage()) {
            int length = pending.readUnsignedShort();
            pending.readBytes(desk.request(), 0, length);
            messageBegan = 0;
            served = true;
            hasAsked = true;
            if (!answer(context, length)) {
                return;
            }
        }
        if (served) {
            // Time spent waiting for the client to read is not the next message's delay.
            lastProgress = System.nanoTime();
        }
        context.flush();
        boolean blocked = hasMessage();
        context.channel().config().setAutoRead(!blocked);
        if (!blocked && pending.isReadable() && messageBegan == 0) {
            messageBegan = lastProgress;
        }
        boolean isDone = inputClosed || (lastCall && hasAsked && !pending.isReadable());
        if (isDone && !blocked && inFlight == 0) {
            end(context);
            return;
        }
        arm(context);
    }

    private static void end(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private boolean hasMessage() {
        return pending.readableBytes() >= 2
                && pending.readableBytes() >= 2 + pending.getUnsignedShort(pending.readerIndex());
    }

    /** Unflushed responses count too, so they are sent before the client is called slow. */
    private static boolean isWritable(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            context.flush();
        }
        return context.channel().isWritable();
    }

    private boolean answer(ChannelHandlerContext context, int length) {
        long began = System.nanoTime();
        int size = desk.answerer().answer(desk.request(), length, transport, client, desk.response());
        desk.answerer().took(System.nanoTime() - began);
        if (size == Answerer.DROPPED) {
            // Not a query: whoever sends this has lost the framing. What came before it is answered.
            end(context);
            return false;
        }
        if (size == Answerer.DEFERRED) {
            inFlight++;
            engine.defer(
                    desk.answerer().deferred(), bytes -> context.executor().execute(() -> resolved(context, bytes)));
            return true;
        }
        if (size == Answerer.TRANSFER) {
            inFlight++;
            transfers.add(desk.answerer().transfer());
            pump(context);
            return true;
        }
        context.write(framed(context, desk.response(), size), context.voidPromise());
        return true;
    }

    /** Sends as much of the transfers as the client takes. */
    private void pump(ChannelHandlerContext context) {
        while (!transfers.isEmpty() && isWritable(context)) {
            Transfer transfer = transfers.element();
            if (transfer.hasNext()) {
                byte[] message = transfer.next();
                context.write(framed(context, message, message.length), context.voidPromise());
            } else {
                transfers.remove();
                inFlight--;
            }
        }
    }

    private static ByteBuf framed(ChannelHandlerContext context, byte[] bytes, int size) {
        return context.alloc().buffer(2 + size).writeShort(size).writeBytes(bytes, 0, size);
    }

    private void resolved(ChannelHandlerContext context, byte[] bytes) {
        inFlight--;
        if (context.channel().isActive()) {
            context.write(framed(context, bytes, Math.min(bytes.length, Wire.MAX_MESSAGE)), context.voidPromise());
            lastProgress = System.nanoTime();
            serve(context);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            unwritableSince = 0;
            serve(context);
        } else {
            unwritableSince = System.nanoTime();
            arm(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == LAST_CALL) {
            lastCall = true;
            serve(context);
            context.executor().schedule(() -> endInput(context), TcpLimits.STALL_NANOS, TimeUnit.NANOSECONDS);
        } else if (event instanceof ChannelInputShutdownEvent) {
            endInput(context);
        }
    }

    private void endInput(ChannelHandlerContext context) {
        inputClosed = true;
        if (context.channel().isActive()) {
            serve(context);
        }
    }

    /** Sets the timer if there is none or it would ring too late; one that rings early looks and sets itself again. */
    private void arm(ChannelHandlerContext context) {
        long deadline = deadline();
        if (timer != null && armedFor - deadline <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        armedFor = deadline;
        timer = context.executor()
                .schedule(() -> ring(context), Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private long deadline() {
        if (unwritableSince != 0) {
            return unwritableSince + TcpLimits.WRITE_NANOS;
        }
        if (messageBegan != 0) {
            return Math.min(lastProgress + TcpLimits.STALL_NANOS, messageBegan + TcpLimits.MESSAGE_NANOS);
        }
        return lastProgress + limits.idleNanos();
    }

    private void ring(ChannelHandlerContext context) {
        timer = null;
        boolean working = inFlight > 0 && unwritableSince == 0;
        if (working) {
            lastProgress = System.nanoTime();
        } else if (deadline() - System.nanoTime() <= 0) {
            context.close();
            return;
        }
        arm(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by the client; there is nothing to tell.
        context.close();
    }
}
