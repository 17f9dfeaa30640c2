package directory.thisdcos.l4lb.local;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Locality;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The weights of one service on one node: a pure function of what the table says and of what the node knows. A backend
 * that fails is unhealthy; of the others the nearest count; of those the young ones have a part of their weight.
 */
final class ServiceWeights {
    /** Steps to the full share: the weights of a service with slow start are so many times those of the table. */
    static final int STEPS = 10;

    private static final int MAX_WEIGHT = 65_535;

    private ServiceWeights() {}

    /**
     * @param fails whether a backend fails this node's check
     * @param step how far a backend has come, 1 to {@link #STEPS}
     */
    static VirtualService of(
            VirtualService service, Place here, Predicate<Backend> fails, ToIntFunction<Backend> step) {
        Care care = service.spec().balancing().care();
        if (care.equals(Care.NONE)) {
            return service;
        }
        List<Backend> checked = new ArrayList<>();
        for (Backend backend : service.backends().values()) {
            boolean isDown = care.check().isPresent() && backend.share() > 0 && fails.test(backend);
            checked.add(isDown ? backend.with(Health.UNHEALTHY) : backend);
        }
        Locality reach = reach(checked, care.locality(), here);
        List<Backend> weighed = new ArrayList<>();
        for (Backend backend : checked) {
            boolean isFar = reach != Locality.NONE && !isWithin(here.near(backend), reach);
            int weight = isFar ? 0 : backend.weight();
            weighed.add(
                    backend.withWeight(care.slowStartSeconds() > 0 ? grown(weight, step.applyAsInt(backend)) : weight));
        }
        return VirtualService.of(service.key(), service.spec(), weighed);
    }

    /** The narrowest circle, from the wanted one outwards, in which there is a backend that takes connections. */
    private static Locality reach(List<Backend> backends, Locality wanted, Place here) {
        if (wanted == Locality.NONE) {
            return Locality.NONE;
        }
        for (Locality circle : List.of(Locality.NODE, Locality.RACK, Locality.ZONE)) {
            if (circle.compareTo(wanted) >= 0
                    && backends.stream()
                            .anyMatch(backend -> backend.share() > 0 && isWithin(here.near(backend), circle))) {
                return circle;
            }
        }
        return Locality.NONE;
    }

    /** Who is in the rack is in the zone too. */
    private static boolean isWithin(Locality near, Locality circle) {
        return near != Locality.NONE && near.compareTo(circle) <= 0;
    }

    /** Never 0 for what is not: also the youngest gets some. */
    private static int grown(int weight, int step) {
        return (int) Math.min(MAX_WEIGHT, (long) weight * step);
    }
}
