package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.AnswerCounters;
import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.answer.KnownAnswers;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is outside our zones with the help of upstream resolvers. Every query gets its response, an answer or
 * SERVFAIL with the reason, within three seconds.
 */
public final class Forwarder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    private final AnswerCounters counters;
    private final ForwardMetrics metrics;
    private final ForwardContext context;
    private final Flights flights = new Flights();
    private final AnswerCache cache;
    private final Prober prober;
    private final Continuation continuation;
    private final ForwardSettings settings;
    private volatile Routes routes;

    /** The event loops and kinds of channels to use. */
    public record Sockets(
            EventLoopGroup loops, Class<? extends DatagramChannel> udp, Class<? extends SocketChannel> tcp) {}

    /**
     * @throws IllegalArgumentException if the certificates of authorities cannot be read
     * @param local the zones that we answer ourselves
     */
    public Forwarder(
            Sockets sockets,
            ForwardSettings settings,
            LocalZones local,
            AnswerCounters counters,
            PrometheusRegistry registry,
            ProblemBoard problems) {
        this.settings = settings;
        this.routes = Routes.of(settings, List.of(), Routes.NONE);
        this.counters = counters;
        this.cache = new AnswerCache(settings.cacheBytes(), registry, System::nanoTime);
        this.metrics = new ForwardMetrics(registry, flights, () -> routes);
        this.context = new ForwardContext(
                sockets,
                new Links(sockets, settings.tlsAuthority(), settings.hasTls()),
                new Entropy(),
                metrics,
                local::contains);
        this.continuation = new Continuation(local, context.entropy());
        this.prober = new Prober(context, () -> routes, problems);
    }

    /** Begins to watch the upstreams; to be called when we can be reached ourselves. */
    public void start() {
        prober.start();
    }

    /** Uses these, beside those of the settings, for all names without a suffix of their own. From one thread. */
    public void addUpstreams(List<Upstream> found) {
        routes = Routes.of(settings, found, routes);
        log.info("upstreams {}", routes);
    }

    /** For one more thread that answers queries: what the cache knows. */
    public KnownAnswers newKnownAnswers() {
        return new CachedReplies(cache, this::renew);
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
            look(key, route, query, client, began);
        }
    }

    private static QuestionKey key(DeferredQuery query) {
        byte[] question = query.question();
        NameView name = new NameView();
        int end = name.read(question, 0, question.length);
        return QuestionKey.of(name, Wire.u16(question, end), query.dnssecOk(), (query.flags() & Wire.CD) != 0);
    }

    private void look(QuestionKey key, Route route, DeferredQuery query, Consumer<byte[]> client, long began) {
        long now = cache.now();
        CacheEntry entry = cache.find(key, now);
        if (entry != null && entry.isFresh(now)) {
            cache.metrics().hit();
            if (entry.isDueWhenUsed(now)) {
                renew(key);
            }
            answer(query, client, began, "cached", reply(key, query, entry.answer(), entry.ageSeconds(now)));
            return;
        }
        cache.metrics().missed();
        Consumer<Outcome> waiter = outcome -> conclude(key, query, client, began, outcome);
        if (entry == null || !entry.mayServeStale()) {
            ask(key, route, waiter);
            return;
        }
        Runnable serveStale = () -> {
            cache.metrics().servedStale();
            ClientReply reply = ClientReply.stale(query, continuation.complete(key, entry.answer(), 0));
            answer(query, client, began, "stale", reply);
        };
        if (entry.hasFailed()) {
            // It was asked for in vain a moment ago: nobody waits again until an upstream has answered.
            serveStale.run();
            if (entry.tryRefresh(now)) {
                renew(key);
            }
            return;
        }
        StaleGuard guard = new StaleGuard(serveStale, waiter);
        ask(key, route, guard);
        later(guard);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // answering twice is ruled out by the guard
    private void later(StaleGuard guard) {
        context.sockets().loops().next().schedule(guard, StaleGuard.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ask(QuestionKey key, Route route, Consumer<Outcome> waiter) {
        switch (flights.join(key, waiter)) {
            case FIRST -> begin(key, route);
            case JOINED -> {}
            case FULL -> {
                metrics.overloaded();
                waiter.accept(new Outcome.Failed(Answer.failure(Rcode.SERVFAIL, ExtendedError.OVERLOADED)));
            }
        }
    }

    /** Asks upstreams without a client that waits. From any thread. */
    private void renew(QuestionKey key) {
        Route route = routes.find(key.name());
        if (route != null && flights.join(key, null) == Flights.Place.FIRST) {
            cache.metrics().prefetched();
            begin(key, route);
        }
    }

    private void begin(QuestionKey key, Route route) {
        try {
            new Exchange(key, route, context, outcome -> land(key, outcome)).start();
        } catch (RejectedExecutionException e) {
            // The server is closing and so will the clients' channels: nobody is left to answer.
            flights.land(key, new Outcome.Failed(Answer.failure(Rcode.SERVFAIL, ExtendedError.NETWORK_ERROR)));
        }
    }

    /** First the cache, then those who wait, so that who comes between finds the one or the other. */
    private void land(QuestionKey key, Outcome outcome) {
        if (outcome instanceof Outcome.Answered) {
            cache.put(key, outcome.answer());
        } else {
            cache.putFailure(key, outcome.answer());
        }
        flights.land(key, outcome);
    }

    private void conclude(QuestionKey key, DeferredQuery query, Consumer<byte[]> client, long began, Outcome outcome) {
        String label = outcome instanceof Outcome.Answered ? "ok" : "failed";
        answer(query, client, began, label, reply(key, query, outcome.answer(), 0));
    }

    private ClientReply reply(QuestionKey key, DeferredQuery query, Answer answer, long age) {
        return answer.continuesAt().isEmpty()
                ? ClientReply.of(query, answer, age)
                : ClientReply.of(query, continuation.complete(key, answer, age), 0);
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
