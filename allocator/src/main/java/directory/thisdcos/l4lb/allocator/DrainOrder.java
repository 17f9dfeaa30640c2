package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Drains;
import directory.thisdcos.l4lb.model.State;

/**
 * An operator's order to drain something, or to end that.
 *
 * @param drain what is meant; who wants it, why and since when count only where it begins
 * @param begins false to end it
 */
public record DrainOrder(Drain drain, boolean begins) {

    /** What is drained then, and the table that has it. */
    public record Result(Drains drains, State table) {}

    Cause cause() {
        return new Cause(
                drain.by(),
                (begins ? "drain " : "undrain ") + drain.kind().text() + " " + drain.what()
                        + (drain.reason().isEmpty() ? "" : ": " + drain.reason()));
    }

    Drains applyTo(Drains drains) {
        return begins ? drains.with(drain) : drains.without(drain);
    }
}
