package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three allocators, three ZooKeeper servers, and everything that can happen to them at random: killed, paused beyond
 * their session, cut off, their clock put forward, while names come, go and are moved by an operator in a pool that is too
 * small for comfort. Every
 * version of the table that was ever committed is checked.
 *
 * <p>{@code -Dl4lb.safety.seed=N} repeats the same operations, {@code -Dl4lb.safety.operations=N} takes more of them.
 */
final class SafetyIT {
    private static final Duration SETTLE = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @Test
    void noFailureEverGivesAnAddressTwiceOrLosesOne() throws Exception {
        long seed = Long.getLong("l4lb.safety.seed", 1L);
        int operations = Integer.getInteger("l4lb.safety.operations", 120);
        System.err.println("safety: " + operations + " operations; the same again: -Dl4lb.safety.seed=" + seed);
        try (ClusterNetwork network = ClusterNetwork.open();
                TestEnsemble ensemble = new TestEnsemble(network, temp, 500);
                SafetyCluster cluster = new SafetyCluster(network, ensemble, temp)) {
            if (!network.canCut()) {
                System.err.println("safety: no privilege for network namespaces, so nothing is cut off");
            }
            cluster.start();
            SafetyFaults faults = new SafetyFaults(network, ensemble, cluster, new Random(seed));
            Random random = new Random(seed);
            for (int i = 0; i < operations; i++) {
                int dice = random.nextInt(10);
                if (dice < 2) {
                    faults.inject();
                } else if (dice < 5) {
                    cluster.changeByOperator(random);
                } else {
                    cluster.changeApps(random);
                }
                faults.healWhatIsDue();
                cluster.lookAtAnswers();
                cluster.pace(random);
                assertEquals(List.of(), cluster.history().faults(), () -> "seed " + seed + "; " + faults.log());
            }
            faults.healAll();
            Map<String, String> expected = new TreeMap<>();
            Await.until("the table holds what is wanted; seed " + seed + "; " + faults.log(), SETTLE, () -> {
                expected.clear();
                return cluster.settled(expected, random);
            });
            cluster.awaitFollowers(SETTLE);
            assertEquals(List.of(), cluster.history().faults(), () -> "seed " + seed + "; " + faults.log());
            cluster.checkAcknowledged();
            System.err.println("safety: " + cluster.summary() + "; " + faults.summary());
            assertTrue(cluster.moves() > 0, "no name was ever moved");
            assertTrue(cluster.history().state().epoch() > 1, "the writer never changed; there were no faults");
        }
    }
}
