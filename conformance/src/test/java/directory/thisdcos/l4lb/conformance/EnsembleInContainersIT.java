package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.StoreException;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperJournal;
import directory.thisdcos.l4lb.store.ZooKeeperSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table over a real network of containers: servers cut from each other, from their clients, and restarted in turn. */
final class EnsembleInContainersIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @BeforeAll
    static void requireEngine() throws Exception {
        if (Shell.run("sh", "-c", "docker image inspect " + ContainerEnsemble.IMAGE)
                        .exitCode()
                != 0) {
            String reason = "no Docker engine with the image " + ContainerEnsemble.IMAGE
                    + "; conformance/docker-engine --start makes both, as root";
            System.err.println("containers: not tested: " + reason);
            abort(reason);
        }
    }

    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    private static ZooKeeperClient client(String connect) {
        ZooKeeperClient client = new ZooKeeperClient(
                ZooKeeperSettings.of(connect)
                        .withTimeouts(Duration.ofSeconds(4), Duration.ofSeconds(10))
                        .withReloadJitter(Duration.ofMillis(50)),
                new PrometheusRegistry());
        client.start();
        return client;
    }

    private StateFollower follower(ZooKeeperClient client) {
        StateFollower follower =
                new StateFollower(client, Optional.empty(), state -> {}, new PrometheusRegistry(), problems);
        follower.start();
        return follower;
    }

    private static ServiceName name(int number) {
        return new ServiceName("svc-" + number + ".marathon." + ServiceName.ZONE);
    }

    private static Change allocation(int number) {
        return new Change.AllocationPut(new Allocation(
                name(number),
                Ip.of("11.0.0.0").plus(number),
                Optional.empty(),
                Allocation.Status.ALLOCATED,
                number,
                "/svc-" + number));
    }

    /** One name after the other; whatever fails is tried again after a new take-over, as a leader does. */
    private void write(ZooKeeperJournal journal) {
        boolean leading = false;
        while (!stop.get()) {
            try {
                if (!leading) {
                    journal.takeOver();
                    leading = true;
                }
                journal.append(List.of(allocation(acknowledged.get())));
                acknowledged.incrementAndGet();
            } catch (StoreException e) {
                leading = false;
            }
        }
    }

    private void awaitProgress(String what) {
        int before = acknowledged.get();
        Await.until(what, LIMIT, () -> acknowledged.get() > before + 5);
    }

    private static void awaitEqual(String what, StateFollower follower, StateFollower other) {
        Await.until(
                what,
                LIMIT,
                () -> !follower.stale()
                        && !other.stale()
                        && follower.current().seq() == other.current().seq()
                        && follower.current().hash() == other.current().hash());
    }

    @Test
    void cutsAndARollingRestartLoseNothing(@TempDir Path dir) throws Exception {
        try (ContainerEnsemble ensemble = new ContainerEnsemble(dir)) {
            ensemble.start();
            try {
                run(ensemble);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + ensemble.lastWords(), e);
            }
        }
    }

    private void run(ContainerEnsemble ensemble) throws Exception {
        Await.until("the servers agree on a leader", LIMIT, ensemble::hasLeader);
        List<ZooKeeperClient> clients = new ArrayList<>();
        clients.add(client(ensemble.connect()));
        clients.add(client(ensemble.connect()));
        // As the nodes of a large cluster have it: an observer answers them.
        Await.until("the observer follows", LIMIT, ensemble::isObserving);
        clients.add(client(ensemble.observer()));
        Thread writer = new Thread(() -> write(new ZooKeeperJournal(clients.get(0))), "writer");
        writer.start();
        try (StateFollower one = follower(clients.get(1));
                StateFollower two = follower(clients.get(2))) {
            awaitProgress("the first names");

            int cut = ensemble.leader();
            ensemble.cutFromPeers(cut);
            Await.until(
                    "the others elect a new leader",
                    LIMIT,
                    () -> ensemble.mode((cut + 1) % 3).contains("Mode: leader")
                            || ensemble.mode((cut + 2) % 3).contains("Mode: leader"));
            awaitProgress("names with two of three servers");
            ensemble.mendPeers(cut);
            Await.until("the third is back", LIMIT, () -> ensemble.mode(cut).contains("Mode: follower"));

            ensemble.cutClients();
            Await.until("the followers notice", LIMIT, () -> one.stale() && two.stale());
            State kept = one.current();
            assertTrue(kept.size() > 5, "a cut follower serves what it has");
            Await.until("its table's age grows", LIMIT, () -> one.age().toMillis() > 1_000);
            ensemble.mendClients();
            awaitProgress("names after the cut");

            for (int i = 0; i < ensemble.servers(); i++) {
                int server = i;
                ensemble.restart(server);
                Await.until(
                        "server " + i + " is back after its restart",
                        LIMIT,
                        () -> ensemble.mode(server).contains("Mode: "));
                awaitProgress("names after the restart of server " + i);
            }

            stop.set(true);
            writer.join(LIMIT.toMillis());
            awaitEqual("both followers end equal", one, two);
            try (ZooKeeperClient fresh = client(ensemble.connect());
                    StateFollower late = follower(fresh)) {
                awaitEqual("a new one reads the same", one, late);
                for (int i = 0; i < acknowledged.get(); i++) {
                    assertTrue(late.current().allocation(name(i)).isPresent(), "acknowledged but lost: " + name(i));
                }
                assertEquals(0, one.divergences() + two.divergences());
                System.err.println("containers: " + acknowledged.get() + " names, all kept; " + late.current());
            }
        } finally {
            stop.set(true);
            writer.interrupt();
            clients.forEach(ZooKeeperClient::close);
        }
    }
}
