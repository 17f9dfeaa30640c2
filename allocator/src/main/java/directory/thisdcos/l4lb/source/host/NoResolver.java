package directory.thisdcos.l4lb.source.host;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

/** Stands where no name server is configured but this program's own: fails at once, with the fix. */
final class NoResolver implements Resolver {

    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        return CompletableFuture.failedFuture(new IOException("no name server is configured beside this program's own;"
                + " give --upstream, or a nameserver line in /etc/resolv.conf"));
    }

    @Override
    public void setPort(int port) {}

    @Override
    public void setTCP(boolean flag) {}

    @Override
    public void setIgnoreTruncation(boolean flag) {}

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

    @Override
    public void setTSIGKey(TSIG key) {}

    @Override
    public void setTimeout(Duration timeout) {}
}
