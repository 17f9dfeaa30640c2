package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a running allocator can be asked and told. Safe for every thread. The futures complete with the table in which
 * the order has taken effect, which only a leading allocator can bring about. A {@link Cause} is who ordered it and why.
 */
public interface AllocatorControl {

    /** Whether this process writes the table. */
    boolean isLeading();

    /** The admin API of another process that writes it; empty if there is none, or it cannot be reached from here. */
    Optional<URI> leaderApi();

    /** The table as this process last wrote or read it, which the node beside it may not have seen yet. */
    State state();

    /** Every node that is known, with what its witnesses say of its machine; by id. */
    ReachVerdict reach();

    /** All configured sources, by id. */
    List<SourceStatus> sources();

    /** Each report of the sources that concerns a name, a fixed VIP, an app or a task, and what became of it; sorted. */
    List<Explanation> explain(String query);

    /**
     * Holds back whatever a source says from now on, or lets what it said meanwhile take effect. Not remembered over a
     * restart. Empty if there is no such source.
     */
    Optional<CompletableFuture<State>> freeze(String source, boolean isFrozen, Cause cause);

    /** Puts what an owner gives a service, in place of what it gave before; renews its lease if it has one. */
    CompletableFuture<State> put(ServiceDocument document, Ordering ordering);

    /** Takes back what an owner gave a service. Empty if it gave nothing. */
    Optional<CompletableFuture<State>> delete(ServiceKey key, String owner, Ordering ordering);

    /** Withdraws all that the table has of a source, until it says something again. Empty if there is no such source. */
    Optional<CompletableFuture<State>> forget(String source, Cause cause);

    /** Drains an agent or a backend, or ends that. */
    CompletableFuture<DrainOrder.Result> drain(DrainOrder order);

    /** What operators drain; only a leading allocator is sure to know all of it. */
    Drains drains();

    /** Changes the table as an operator wants; fails with {@link OrderRefusedException} if it may not be. */
    <R> CompletableFuture<R> order(Order<R> order, Cause cause);
}
