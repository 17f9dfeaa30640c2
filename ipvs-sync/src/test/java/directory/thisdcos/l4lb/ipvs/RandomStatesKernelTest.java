package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One random table after another, and what somebody else does to each, in a real kernel. */
@Tag("kernel")
class RandomStatesKernelTest {
    private static final int STATES = Integer.getInteger("l4lb.kernel.states", 100);
    private static final int ROUNDS_PER_IPVSADM = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Scheduler> SCHEDULERS =
            List.of(Scheduler.WLC, Scheduler.RR, Scheduler.SH, Scheduler.MH, Scheduler.WRR);

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("l4lb.kernel.seed", 6);
    private final Random random = new Random(seed);
    private int mutations;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    /** Some services with other options than the default ones. */
    private State randomState() {
        States states = States.of(States.random(random));
        states.build().vips().flatMap(vip -> vip.services().stream()).toList().forEach(service -> {
            if (random.nextInt(8) == 0) {
                Balancing balancing = Balancing.of(SCHEDULERS.get(random.nextInt(SCHEDULERS.size())))
                        .withPersistence(random.nextInt(2) * 300);
                states.with(new Change.ServicePut(service.key(), new ServiceSpec(balancing, List.of(), 0)));
            }
        });
        return states.build();
    }

    /** Removes, adds and changes services and destinations, as somebody with ipvsadm might. */
    private void mutate(NetlinkIpvs kernel) throws Exception {
        Map<ServiceId, ServiceEntry> other = Lab.desired(randomState());
        Map<ServiceId, ServiceEntry> now = kernel.read();
        List<ServiceId> some = new ArrayList<>();
        for (ServiceId id : union(now.keySet(), other.keySet())) {
            if (random.nextInt(6) == 0) {
                some.add(id);
            }
        }
        List<IpvsOp> operations = TableDiff.between(now, other, some);
        mutations += operations.size();
        kernel.execute(operations);
    }

    /** In one order, so that a seed is enough to repeat a run. */
    private static List<ServiceId> union(Set<ServiceId> one, Set<ServiceId> other) {
        Set<ServiceId> all = new HashSet<>(one);
        all.addAll(other);
        return all.stream().sorted(Comparator.comparing(ServiceId::toString)).toList();
    }

    /** What somebody made at addresses that are not ours, or for marks, is not ours to remove. */
    private static void removeForeign(NetlinkIpvs kernel, Map<ServiceId, ServiceEntry> desired) throws Exception {
        List<IpvsOp> operations = new ArrayList<>();
        for (ServiceId id : kernel.read().keySet()) {
            boolean isOutside = id instanceof ServiceId.Mark || id.toString().startsWith("3.3.0.");
            if (isOutside && !desired.containsKey(id)) {
                operations.add(new IpvsOp.RemoveService(id));
            }
        }
        kernel.execute(operations);
    }

    /** Changes of schedulers go a few at a time. */
    private static void awaitAll(IpvsSync sync, String message) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!sync.pending().isEmpty()) {
            assertTrue(System.nanoTime() < end, message);
            Thread.sleep(2);
        }
    }

    @Test
    void theKernelFollowsEachAndIsMendedAfterEachMutation() throws Exception {
        IpvsSettings settings = Lab.settings(directory, IpvsMode.ON)
                .withKernel(new KernelSettings(Timeouts.KERNEL, ForeignServices.REMOVE, 0));
        try (IpvsSync sync = Lab.open(settings);
                NetlinkIpvs kernel = NetlinkIpvs.open(TIMEOUT)) {
            for (int round = 0; round < STATES; round++) {
                State state = randomState();
                Map<ServiceId, ServiceEntry> desired = Lab.desired(state);
                String message = "seed " + seed + " round " + round;
                assertEquals(Set.of(), sync.apply(state), message);
                awaitAll(sync, message);
                assertEquals(desired, kernel.read(), message);
                mutate(kernel);
                sync.audit();
                // What is strange goes when it is seen for the second time.
                sync.audit();
                awaitAll(sync, message);
                removeForeign(kernel, desired);
                assertEquals(desired, kernel.read(), message + ", mended");
                if (round % ROUNDS_PER_IPVSADM == 0) {
                    assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm(), message);
                    assertEquals(Map.of(), sync.audit(), message);
                }
            }
            Lab.witness("60: " + STATES + " random states and " + mutations
                    + " operations of somebody else: the kernel's dump equals the model after each; writes="
                    + sync.status().writes());
        }
    }
}
