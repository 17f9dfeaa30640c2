package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.AnswerCounters;
import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Answers what is outside our zones with the help of upstream resolvers. Every query gets its response, an answer or
 * SERVFAIL with the reason, within three seconds.
 */
public final class Forwarder implements AutoCloseable {
    private final AnswerCounters counters;
    private final ForwardMetrics metrics;
    private final ForwardContext context;
    private final Flights flights = new Flights();
    private final Prober prober;
    private final Continuation continuation;
    private volatile Routes routes;

    /** The event loops and kinds of channels to use. */
    public record Sockets(
            EventLoopGroup loops, Class<? extends DatagramChannel> udp, Class<? extends SocketChannel> tcp) {}

    /**
     * @param upstreams by suffix; the longest suffix of a name decides, the root's upstreams have all the rest
     * @param local the zones that we answer ourselves
     */
    public Forwarder(
            Sockets sockets,
            Map<Name, List<Endpoint>> upstreams,
            LocalZones local,
            AnswerCounters counters,
            PrometheusRegistry registry,
            ProblemBoard problems) {
        this.routes = Routes.of(upstreams);
        this.counters = counters;
        this.metrics = new ForwardMetrics(registry, flights, () -> routes);
        this.context = new ForwardContext(sockets, new Entropy(), metrics, local::contains);
        this.continuation = new Continuation(local, context.entropy());
        this.prober = new Prober(context, () -> routes, problems);
    }

    /** Begins to watch the upstreams; to be called when we can be reached ourselves. */
    public void start() {
        prober.start();
    }

    /** Calls {@code client} exactly once with the response, from some event loop. */
    public void forward(DeferredQuery query, Consumer<byte[]> client) {
        long began = System.nanoTime();
        QuestionKey key = key(query);
        Route route = routes.find(key.name());
        if (route == null) {
            ClientReply refusal = ClientReply.error(query, Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
            answer(query, client, began, "no-route", refusal);
        } else if (prober.isOwn(key)) {
            answer(query, client, began, "loop", ClientReply.error(query, Rcode.SERVFAIL, ExtendedError.LOOP));
        } else {
            ask(key, route, query, client, began);
        }
    }

    private static QuestionKey key(DeferredQuery query) {
        byte[] question = query.question();
        NameView name = new NameView();
        int end = name.read(question, 0, question.length);
        return QuestionKey.of(name, Wire.u16(question, end), query.dnssecOk(), (query.flags() & Wire.CD) != 0);
    }

    private void ask(QuestionKey key, Route route, DeferredQuery query, Consumer<byte[]> client, long began) {
        switch (flights.join(key, outcome -> conclude(key, query, client, began, outcome))) {
            case FULL -> {
                ClientReply refusal = ClientReply.error(query, Rcode.SERVFAIL, ExtendedError.OVERLOADED);
                answer(query, client, began, "overload", refusal);
            }
            case FIRST -> begin(key, route);
            case JOINED -> {}
        }
    }

    private void begin(QuestionKey key, Route route) {
        try {
            new Exchange(key, route, context, outcome -> flights.land(key, outcome)).start();
        } catch (RejectedExecutionException e) {
            // The server is closing and so will the clients' channels: nobody is left to answer.
            flights.land(key, new Outcome.Failed(ExtendedError.NETWORK_ERROR));
        }
    }

    private void conclude(QuestionKey key, DeferredQuery query, Consumer<byte[]> client, long began, Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            answer(query, client, began, "ok", ClientReply.of(query, continuation.complete(key, answered.answer()), 0));
        } else if (outcome instanceof Outcome.Failed failed) {
            answer(query, client, began, "failed", ClientReply.error(query, Rcode.SERVFAIL, failed.reason()));
        }
    }

    private void answer(DeferredQuery query, Consumer<byte[]> client, long began, String outcome, ClientReply reply) {
        counters.relayed(query.transport(), reply.rcode());
        metrics.done(outcome, System.nanoTime() - began);
        client.accept(reply.bytes());
    }

    @Override
    public void close() {
        prober.close();
    }
}
