package directory.thisdcos.l4lb.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SlowStartTest {
    private static final ServiceKey KEY = new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, 80);
    private static final Backend BACKEND =
            new Backend(Endpoint.parse("10.0.0.1:80"), Optional.empty(), 1, Health.HEALTHY, "", "", "task", "source");

    @Test
    void itGrowsStepByStepAndIsForgotten() {
        SlowStart youth = new SlowStart();
        // The clock may be anywhere, also below zero.
        long born = -TimeUnit.SECONDS.toNanos(7);
        assertEquals(ServiceWeights.STEPS, youth.step(KEY, BACKEND, born), "who was always there is grown");
        youth.born(KEY, BACKEND.address(), 20, born);
        List<Integer> steps = new ArrayList<>();
        for (int second = 0; second <= 21; second++) {
            steps.add(youth.step(KEY, BACKEND, born + TimeUnit.SECONDS.toNanos(second)));
        }
        assertEquals(List.of(1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10), steps);
        assertEquals(Set.of(KEY), youth.growing(born + TimeUnit.SECONDS.toNanos(19)));
        assertEquals(Set.of(KEY), youth.growing(born + TimeUnit.SECONDS.toNanos(20)), "told of the last step");
        assertEquals(Set.of(), youth.growing(born + TimeUnit.SECONDS.toNanos(20)));
    }
}
