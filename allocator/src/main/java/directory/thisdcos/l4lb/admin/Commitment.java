package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.OrderRefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for what a request ordered, so that its answer tells what is in the table. */
final class Commitment {
    /** Longer than a short loss of ZooKeeper, shorter than a client's patience. */
    private static final Duration MAX = Duration.ofSeconds(10);

    private Commitment() {}

    static AllocatorControl control(Supplier<Optional<AllocatorControl>> allocator) {
        return allocator
                .get()
                .orElseThrow(() -> new ApiException(
                        404, "no allocator", "", "this process does not allocate; ask one that runs `l4lb allocator`"));
    }

    static void requireLeader(AllocatorControl control) {
        if (!control.isLeading()) {
            throw new ApiException(
                    503, "not the leader", "", "this process does not write the table; ask the leading allocator");
        }
    }

    static <T> T await(CompletableFuture<T> committed) {
        return await(committed, MAX);
    }

    static <T> T await(CompletableFuture<T> committed, Duration atMost) {
        try {
            return committed.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ApiException(
                    503,
                    "not committed yet",
                    "",
                    "the table could not be written within " + atMost.toSeconds()
                            + " s; the order is kept and takes effect when it can; GET /v1/problems says why");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OrderRefusedException refused) {
                throw refused(refused);
            }
            if (e.getCause() instanceof ApiException refused) {
                throw refused;
            }
            throw new ApiException(500, "failed", "", String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(503, "stopping", "", "the program is stopping");
        }
    }

    private static ApiException refused(OrderRefusedException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case MISSING -> new ApiException(404, "not there", e.field(), message);
            case CONFLICT -> new ApiException(409, "refused", e.field(), message);
            case OUTDATED -> new ApiException(412, "changed meanwhile", e.field(), message);
            case UNCONDITIONAL -> new ApiException(428, "condition required", e.field(), message);
        };
    }
}
