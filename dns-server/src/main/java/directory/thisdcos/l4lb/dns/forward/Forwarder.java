package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.AnswerCounters;
import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.model.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Asks upstream resolvers. The number of queries that wait is bounded, so slow upstreams cannot eat the memory. */
public final class Forwarder {
    private static final int MAX_IN_FLIGHT = 4_096;

    private final Sockets sockets;
    private final Upstreams upstreams;
    private final AnswerCounters counters;
    private final ForwardMetrics metrics;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger inFlight = new AtomicInteger();

    /** The event loops and kinds of channels to use. */
    public record Sockets(
            EventLoopGroup loops, Class<? extends DatagramChannel> udp, Class<? extends SocketChannel> tcp) {

        boolean isUdp(Channel channel) {
            return udp.isInstance(channel);
        }
    }

    public Forwarder(Sockets sockets, List<Endpoint> upstreams, AnswerCounters counters, PrometheusRegistry registry) {
        this.sockets = sockets;
        this.upstreams = new Upstreams(upstreams);
        this.counters = counters;
        this.metrics = new ForwardMetrics(registry, inFlight::get);
    }

    /** Calls {@code client} exactly once with the response, from some event loop. */
    public void forward(DeferredQuery query, Consumer<byte[]> client) {
        long began = System.nanoTime();
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            answer(query, client, began, "overload", ClientReply.failure(query, ExtendedError.OVERLOADED));
            return;
        }
        Exchange exchange = new Exchange(
                query,
                sockets,
                upstreams,
                metrics,
                random,
                (outcome, reply) -> answer(query, client, began, outcome, reply));
        try {
            exchange.start();
        } catch (RejectedExecutionException e) {
            // The server is closing and so will the client's channel: nobody is left to answer.
            inFlight.decrementAndGet();
        }
    }

    private void answer(DeferredQuery query, Consumer<byte[]> client, long began, String outcome, ClientReply reply) {
        inFlight.decrementAndGet();
        counters.relayed(query.transport(), reply.rcode());
        metrics.done(outcome, System.nanoTime() - began);
        client.accept(reply.bytes());
    }
}
