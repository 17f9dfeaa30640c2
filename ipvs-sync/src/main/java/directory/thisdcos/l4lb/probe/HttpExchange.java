package directory.thisdcos.l4lb.probe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends a request and reads the first line of the answer (RFC 9112, section 4). */
final class HttpExchange extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
    private static final int MAX_LINE = 1_024;

    private final ByteBuf request;
    private final Verdict verdict;
    private final StringBuilder line = new StringBuilder();

    HttpExchange(ByteBuf request, Verdict verdict) {
        this.request = request;
        this.verdict = verdict;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Behind TLS this waits for the end of the handshake.
        var unusedWrite = context.writeAndFlush(request.retain());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf part) {
        String text = part.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        line.append(end < 0 ? text : text.substring(0, end));
        if (end >= 0 || line.length() > MAX_LINE) {
            judge(line.toString().stripTrailing());
        }
    }

    private void judge(String status) {
        Matcher matcher = STATUS_LINE.matcher(status);
        if (!matcher.matches()) {
            verdict.bad("the answer is not HTTP");
            return;
        }
        int code = Integer.parseInt(matcher.group(1));
        if (code >= 200 && code < 400) {
            verdict.good();
        } else {
            verdict.bad("HTTP status " + code);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        verdict.bad("the server closed the connection without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        verdict.bad(CheckExchange.text(cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        request.release();
    }
}
