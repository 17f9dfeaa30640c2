package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a change takes while other programs want every processor. */
@Tag("kernel")
class BusyKernelTest {
    private static final int SERVICES = 1_000;
    private static final int CHANGES = 21;

    /** What R14 allows. */
    private static final long MOST_NANOS = 1_000_000_000;

    /** Emulation makes each change slow, with idle processors too. */
    private static final int TIMES_AS_LONG = 4;

    @TempDir
    private Path directory;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private final State many = States.many(SERVICES, 2);

    private State state(int change) {
        return States.of(many)
                .name("changing", "11.9.0.1")
                .tcp("changing", 80, "10.1.0." + (2 + change) + ":8080")
                .build();
    }

    /** Nanoseconds until the kernel has each change, in order of length. */
    private long[] changes(IpvsSync sync, NetlinkIpvs kernel) throws IOException {
        List<State> states = new ArrayList<>();
        for (int change = 1; change <= CHANGES; change++) {
            states.add(state(change));
        }
        long[] nanos = new long[CHANGES];
        ServiceId id = new ServiceId.Address(Ip.of("11.9.0.1"), 6, 80);
        for (int i = 0; i < CHANGES; i++) {
            long start = System.nanoTime();
            sync.apply(states.get(i));
            nanos[i] = System.nanoTime() - start;
            assertEquals(
                    "[10.1.0." + (3 + i) + ":8080]",
                    kernel.readExactly(id).orElseThrow().destinations().keySet().toString());
        }
        sync.apply(state(0));
        Arrays.sort(nanos);
        return nanos;
    }

    @Test
    void aChangeReachesTheKernelThoughEveryProcessorIsBusy() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        List<Process> burners = new ArrayList<>();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON);
                NetlinkIpvs kernel = NetlinkIpvs.open(Duration.ofSeconds(10))) {
            sync.apply(state(0));
            long[] idle = changes(sync, kernel);
            for (int i = 0; i < 2 * processors; i++) {
                burners.add(new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start());
            }
            long[] busy = changes(sync, kernel);
            String message = "R14: " + SERVICES + " services, " + 2 * processors + " programs that never wait on "
                    + processors + " processors: a change takes " + busy[CHANGES / 2] / 1000 + " us, the slowest of "
                    + CHANGES + " " + busy[CHANGES - 1] / 1000 + " us; with idle processors " + idle[CHANGES / 2] / 1000
                    + " and " + idle[CHANGES - 1] / 1000 + " us";
            // One may meet a stall of the emulation, which the idle run may not have met.
            assertTrue(busy[CHANGES - 2] < Math.max(MOST_NANOS, TIMES_AS_LONG * idle[CHANGES - 2]), message);
            Lab.witness(message);
        } finally {
            burners.forEach(Process::destroyForcibly);
        }
    }
}
