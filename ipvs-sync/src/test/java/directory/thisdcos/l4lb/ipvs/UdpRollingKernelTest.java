package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twenty UDP backends are replaced one by one under steady load, and stop as soon as they are out of the kernel. */
@Tag("kernel")
class UdpRollingKernelTest {
    private static final int BACKENDS = Replacement.BACKENDS;
    private static final int FIRST_PORT = Replacement.FIRST_PORT;
    private static final int ANSWERS_PER_STEP = 3;

    /** The emulated machine takes its time to answer. */
    private static final DrainLimits LIMITS = new DrainLimits(Duration.ofMinutes(1), Duration.ofSeconds(1));

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private static State state(Scheduler scheduler, int replaced) {
        return Replacement.state(scheduler, Protocol.UDP, 53, replaced);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scheduler.class,
            names = {"RR", "WLC", "SH", "MH"})
    void noRequestIsLostWhileAllBackendsAreReplaced(Scheduler scheduler) throws Exception {
        List<UdpServer> old = new ArrayList<>();
        List<UdpServer> fresh = new ArrayList<>();
        for (int i = 0; i < BACKENDS; i++) {
            old.add(UdpServer.start("be1", FIRST_PORT + i, "old" + i));
            fresh.add(UdpServer.start("be2", FIRST_PORT + i, "new" + i));
        }
        UdpLoad load = new UdpLoad();
        try (IpvsSync sync = Lab.open(Lab.settings(directory, IpvsMode.ON).withDrain(LIMITS))) {
            sync.apply(state(scheduler, 0));
            for (String namespace : List.of("cl", "")) {
                load.start(namespace, false);
                load.start(namespace, true);
            }
            load.awaitMore(ANSWERS_PER_STEP);
            for (int replaced = 1; replaced <= BACKENDS; replaced++) {
                sync.apply(state(scheduler, replaced));
                load.awaitMore(ANSWERS_PER_STEP);
                stopRemoved(old, load);
            }
            awaitNoDrains(sync);
            stopRemoved(old, load);
            load.awaitMore(ANSWERS_PER_STEP);
            load.join();
            assertEquals(List.of(), load.failures());
            assertEquals(List.of(), load.lostTooMany());
            load.lastServers().forEach(server -> assertTrue(server.startsWith("new"), server));
            Lab.witness("R5, R7: UDP " + scheduler.text() + ": " + BACKENDS + " backends replaced under load, "
                    + load.answers(false) + " requests from new ports, 0 lost; " + load.answers(true)
                    + " from the same sockets, " + load.lost() + " lost");
        } finally {
            load.join();
            old.forEach(UdpServer::close);
            fresh.forEach(UdpServer::close);
        }
    }

    private static void stopRemoved(List<UdpServer> old, UdpLoad load) {
        String kernel = Lab.ipvsadm();
        for (int i = 0; i < BACKENDS; i++) {
            if (!kernel.contains("10.1.0.2:" + (FIRST_PORT + i) + " ")) {
                load.removed("old" + i);
                old.get(i).close();
            }
        }
    }

    private static void awaitNoDrains(IpvsSync sync) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!sync.status().drains().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, "still draining after a minute");
            Thread.sleep(20);
        }
    }
}
