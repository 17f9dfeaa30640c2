package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.forward.UpstreamQuery.Manner;
import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question that only tests an upstream. Runs on one event loop; {@link #cameBack} from any thread. */
final class Probe implements Attempt.Listener {
    private static final long TIMEOUT_MILLIS = 1_500;

    /** What a probe has shown. */
    enum Result {
        REPLIED,
        SILENT,
        /** The question reached ourselves. */
        CAME_BACK
    }

    private final Resolver resolver;
    private final UpstreamQuery query;
    private final Consumer<Result> done;
    private volatile boolean cameBack;
    private @Nullable Attempt attempt;
    private @Nullable ScheduledFuture<?> timer;

    Probe(Resolver resolver, QuestionKey key, Entropy entropy, Consumer<Result> done) {
        this.resolver = resolver;
        this.query = UpstreamQuery.of(key, Manner.first(resolver, true, false), entropy);
        this.done = done;
    }

    /** To be called for a resolver that was entered. */
    void start(EventLoop loop, Links links) {
        timer = loop.schedule(() -> end(Result.SILENT), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        attempt = links.ask(loop, resolver, query, this);
    }

    void cameBack() {
        cameBack = true;
    }

    @Override
    public void received(Attempt by, byte[] packet) {
        if (query.match(packet) != UpstreamQuery.Match.FOREIGN) {
            resolver.recovered(by.ageNanos());
            end(Result.REPLIED);
        }
    }

    @Override
    public void failed(Attempt by, String reason) {
        end(Result.SILENT);
    }

    private void end(Result result) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (attempt != null) {
            attempt.close();
        }
        done.accept(cameBack ? Result.CAME_BACK : result);
    }
}
