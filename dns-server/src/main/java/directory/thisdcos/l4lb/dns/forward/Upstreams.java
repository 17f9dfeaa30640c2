package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The resolvers to ask, beginning with the last one that was not found dead. Safe for every thread. */
final class Upstreams {
    private final List<Endpoint> all;
    private final AtomicInteger preferred = new AtomicInteger();

    Upstreams(List<Endpoint> all) {
        this.all = List.copyOf(all);
    }

    int size() {
        return all.size();
    }

    /** Index of the one to ask first. */
    int first() {
        return preferred.get();
    }

    Endpoint get(int index) {
        return all.get(index % all.size());
    }

    /** So that a dead upstream costs its time-out once, not with each query. */
    void failed(int index) {
        int at = index % all.size();
        preferred.compareAndSet(at, (at + 1) % all.size());
    }
}
