package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.runtime.SteadyClock;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;

/** What every part of one process shares. */
record Context(PrometheusRegistry registry, ProblemBoard problems, InstantSource clock, Closer closer) {

    static Context create() {
        PrometheusRegistry registry = new PrometheusRegistry();
        InstantSource clock = new SteadyClock();
        return new Context(registry, new ProblemBoard(registry, clock), clock, new Closer());
    }
}
