package directory.thisdcos.l4lb.model;

import java.util.List;

/**
 * What is declared of a virtual service, apart from its backends.
 *
 * @param balancing how the kernel spreads its connections
 * @param origins who declared it, sorted: several when apps share a VIP
 * @param since when it was first declared, in milliseconds since the epoch
 */
public record ServiceSpec(Balancing balancing, List<Origin> origins, long since) {

    public ServiceSpec {
        origins = origins.size() < 2
                ? List.copyOf(origins)
                : origins.stream().distinct().sorted().toList();
    }

    /** With a scheduler, and defaults for all else. */
    public ServiceSpec(Scheduler scheduler, List<Origin> origins, long since) {
        this(Balancing.of(scheduler), origins, since);
    }

    public ServiceSpec withFwmark(int mark) {
        return new ServiceSpec(balancing.withFwmark(mark), origins, since);
    }

    public Scheduler scheduler() {
        return balancing.scheduler();
    }

    /** Whether different label texts met in this one name, such as {@code /a/b} and {@code /ab}. */
    public boolean isCollision() {
        return origins.stream()
                        .filter(origin -> !origin.label().isEmpty())
                        .map(Origin::collisionKey)
                        .distinct()
                        .count()
                > 1;
    }
}
