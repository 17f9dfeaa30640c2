package directory.thisdcos.l4lb.local;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which backends are young. One is young from when it begins to take connections, as this node sees it; what was there
 * when the node's program began is not. Times are those of {@link System#nanoTime}.
 */
final class SlowStart {
    private record Id(ServiceKey key, Endpoint address) {}

    private record Youth(long bornNanos, int seconds) {}

    private final Map<Id, Youth> young = new ConcurrentHashMap<>();
    private final Map<Id, Integer> told = new HashMap<>();

    void born(ServiceKey key, Endpoint address, int seconds, long nanos) {
        young.put(new Id(key, address), new Youth(nanos, seconds));
    }

    void gone(ServiceKey key, Endpoint address) {
        young.remove(new Id(key, address));
    }

    /** How far a backend has come, from 1 to {@link ServiceWeights#STEPS}. */
    int step(ServiceKey key, Backend backend, long nanos) {
        Youth youth = young.get(new Id(key, backend.address()));
        return youth == null ? ServiceWeights.STEPS : step(youth, nanos);
    }

    private static int step(Youth youth, long nanos) {
        long whole = TimeUnit.SECONDS.toNanos(youth.seconds);
        long age = Math.max(0, nanos - youth.bornNanos);
        return age >= whole ? ServiceWeights.STEPS : (int) Math.max(1, age / (whole / ServiceWeights.STEPS));
    }

    /** The services of which a backend has come a step further since the last call; for one thread. */
    Set<ServiceKey> growing(long nanos) {
        Set<ServiceKey> keys = new HashSet<>();
        told.keySet().retainAll(young.keySet());
        young.forEach((id, youth) -> {
            int step = step(youth, nanos);
            Integer before = told.put(id, step);
            if (before == null || before != step) {
                keys.add(id.key());
            }
        });
        young.values().removeIf(youth -> step(youth, nanos) == ServiceWeights.STEPS);
        return keys;
    }
}
