package directory.thisdcos.l4lb.probe;

import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The outcome of one check; the first word counts, and ends it. For the loop's thread. */
final class Verdict {
    private final Consumer<Optional<String>> result;
    private boolean over;

    /** Closed with the first word. */
    @Nullable Channel channel;

    /** Cancelled with the first word. */
    @Nullable Future<?> timer;

    Verdict(Consumer<Optional<String>> result) {
        this.result = result;
    }

    void good() {
        end(Optional.empty());
    }

    void bad(String reason) {
        end(Optional.of(reason));
    }

    boolean isOver() {
        return over;
    }

    private void end(Optional<String> fault) {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (channel != null) {
            var unusedClose = channel.close();
        }
        result.accept(fault);
    }
}
