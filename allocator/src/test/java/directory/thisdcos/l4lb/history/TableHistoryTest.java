package directory.thisdcos.l4lb.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.TableStep;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableHistoryTest {
    private static final ServiceName NAME = new ServiceName("x.marathon.l4lb.thisdcos.directory");
    private static final ServiceKey KEY = new ServiceKey(NAME, Protocol.TCP, 80);
    private static final Cause ALICE = new Cause("alice", "PUT /v1/allocations/x.marathon");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path dir;

    private final ProblemBoard problems = new ProblemBoard(new PrometheusRegistry(), InstantSource.system());
    private final List<TableStep> steps = new ArrayList<>();
    private State state = State.EMPTY.apply(new Batch(1, 1, 0, List.of()));

    @BeforeEach
    void begin() {
        steps.add(new TableStep(state, Optional.empty(), 1_000));
    }

    private void commit(List<Cause> causes, Change... changes) {
        Batch batch = new Batch(1, state.seq() + 1, 0, List.of(changes), causes);
        state = state.apply(batch);
        steps.add(new TableStep(state, Optional.of(batch), state.seq() * 1_000));
    }

    /** What a process says that saw these steps and was stopped. */
    private List<String> told(List<TableStep> seen) throws IOException {
        try (TableHistory history = TableHistory.open(dir, problems)) {
            seen.forEach(history::observe);
        }
        return told();
    }

    private List<String> told() throws IOException {
        List<TableChange> changes = new ArrayList<>(newest(""));
        Collections.reverse(changes);
        return changes.stream()
                .map(change -> change.id() + " " + change.table() + " " + change.text() + " | " + change.who() + " | "
                        + change.why())
                .toList();
    }

    private List<TableChange> newest(String target) throws IOException {
        return new ChangeFiles(dir, 1, 1).newest(target, Long.MAX_VALUE, 1_000);
    }

    private static Allocation allocation() {
        return new Allocation(NAME, Ip.of("11.0.0.1"), Optional.empty(), Allocation.Status.ALLOCATED, 1, "/x");
    }

    private static Backend backend(String address, Health health) {
        return new Backend(Endpoint.parse(address), Optional.empty(), 1, health, "n", "", "task-1", "marathon:m");
    }

    private static ServiceSpec spec(Scheduler scheduler) {
        return new ServiceSpec(scheduler, List.of(new Origin("marathon:m", "marathon", "/x", "x:80")), 1);
    }

    @Test
    void aNamesLifeIsToldWithWhoAndWhy() throws Exception {
        commit(
                List.of(),
                new Change.AllocationPut(allocation()),
                new Change.ServicePut(KEY, spec(Scheduler.WLC)),
                new Change.BackendPut(KEY, backend("10.0.0.1:80", Health.HEALTHY)));
        commit(
                List.of(),
                new Change.BackendPut(KEY, backend("10.0.0.1:80", Health.UNHEALTHY)),
                new Change.BackendPut(KEY, backend("10.0.0.2:80", Health.HEALTHY)));
        commit(
                List.of(new Cause("bob", "all of it"), ALICE.of(Set.of(NAME.text()))),
                new Change.AllocationPut(allocation()
                        .withAddresses(Ip.of("11.0.0.2"), Optional.empty())
                        .withHold(new Hold(true, List.of(new Hold.Former(Ip.of("11.0.0.1"), 2))))));
        commit(List.of(), new Change.ServicePut(KEY, spec(Scheduler.SH)));
        commit(List.of(new Cause("bob", "POST /v1/sources/forget?id=m")), new Change.ServiceRemoved(KEY));
        commit(List.of(), new Change.AllocationRemoved(NAME));
        assertEquals(
                List.of(
                        "1 2 allocated [11.0.0.1] |  | /x",
                        "2 2 service 80/tcp with 1 backends | marathon:m | /x",
                        "3 3 service 80/tcp backends: 1 added, 0 removed, 1 changed, now 2 (+10.0.0.2:80, 10.0.0.1:80"
                                + " unhealthy) | marathon:m | /x",
                        "4 4 allocated [11.0.0.2] | alice | PUT /v1/allocations/x.marathon",
                        "5 4 reserved by /x | alice | PUT /v1/allocations/x.marathon",
                        "6 4 former addresses in quarantine: [11.0.0.1] | alice | PUT /v1/allocations/x.marathon",
                        "7 5 service 80/tcp is balanced otherwise: sh | marathon:m | /x",
                        "8 6 service 80/tcp gone | bob | POST /v1/sources/forget?id=m",
                        "9 7 freed [11.0.0.2, 11.0.0.1] |  | the quarantine is over"),
                told(steps));
        assertEquals(9, newest(NAME.text()).size());
        assertEquals(7_000, newest(NAME.text()).get(0).at().toEpochMilli(), "when it was committed");
        assertEquals(List.of(), newest("y.marathon.l4lb.thisdcos.directory"));
    }

    @Test
    void whatTheFirstTableHoldsIsNoChange() throws Exception {
        commit(List.of(), new Change.AllocationPut(allocation()));
        assertEquals(List.of(), told(steps.subList(1, 2)));
    }

    @Test
    void aRestartGoesOnWhereTheOneBeforeEndedAndSaysNothingTwice() throws Exception {
        commit(List.of(ALICE), new Change.AllocationPut(allocation()));
        List<String> before = told(steps);
        assertEquals(List.of("1 2 allocated [11.0.0.1] | alice | PUT /v1/allocations/x.marathon"), before);
        // The table of the last run is older than what was written down: the process was killed.
        assertEquals(before, told(steps));
        commit(List.of(), new Change.AllocationRemoved(NAME));
        assertEquals(
                "2 3 freed [11.0.0.1] |  | the quarantine is over", told(steps).get(1));
    }

    @Test
    void whatWasNotSeenOneByOneIsSaidSo() throws Exception {
        commit(List.of(ALICE), new Change.AllocationPut(allocation()));
        commit(List.of(ALICE), new Change.ServicePut(KEY, spec(Scheduler.WLC)));
        TableStep whole = new TableStep(state, Optional.empty(), 3_000);
        assertEquals(
                List.of(
                        "1 3 allocated [11.0.0.1] |  | /x",
                        "2 3 service 80/tcp with 0 backends | marathon:m | /x",
                        "3 3 what changed between the tables 1 and 3 was not seen one by one here, and is told as one |"
                                + "  | "),
                told(List.of(steps.get(0), whole)));
    }

    @Test
    void aFullDiskIsAProblemUntilThereIsRoom() throws Exception {
        commit(List.of(ALICE), new Change.AllocationPut(allocation()));
        // A file where the folder belongs: nobody, not even root, can write there.
        Path blocked = dir.resolve("blocked");
        Files.writeString(blocked, "");
        try (TableHistory history = TableHistory.open(blocked, problems)) {
            steps.forEach(history::observe);
            awaitProblem("changes are missing in it");
            Files.delete(blocked);
            commit(List.of(), new Change.AllocationRemoved(NAME));
            history.observe(steps.get(2));
            awaitProblem("");
        }
        List<TableChange> written = new ChangeFiles(blocked, 1, 1).newest("", Long.MAX_VALUE, 10);
        assertEquals(
                "1 changes before this could not be written down",
                written.get(0).text());
        assertEquals("freed [11.0.0.1]", written.get(1).text());
    }

    /** @param wanted a part of the only one; empty for none */
    private void awaitProblem(String wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (wanted.isEmpty()
                ? !problems.entries().isEmpty()
                : problems.entries().stream()
                        .noneMatch(entry -> entry.problem().message().contains(wanted))) {
            assertTrue(System.nanoTime() < deadline, problems.entries()::toString);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoWatchesMissesNothingOfABurst() throws Exception {
        int burst = 2_500;
        List<Change> services = new ArrayList<>();
        for (int port = 1; port <= burst; port++) {
            services.add(new Change.ServicePut(new ServiceKey(NAME, Protocol.TCP, port), spec(Scheduler.WLC)));
        }
        commit(List.of(), new Change.AllocationPut(allocation()));
        commit(List.of(), services.toArray(Change[]::new));
        try (TableHistory history = TableHistory.open(dir, problems)) {
            steps.forEach(history::observe);
            while (history.lastId() < burst) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            List<Long> seen = new ArrayList<>();
            while (seen.size() < history.lastId()) {
                List<TableChange> next = history.after(seen.size());
                assertFalse(next.isEmpty(), seen.size() + " seen");
                next.forEach(change -> seen.add(change.id()));
            }
            assertEquals(LongStream.rangeClosed(1, history.lastId()).boxed().toList(), seen);
            assertEquals(List.of(), history.after(history.lastId()));
        }
    }
}
