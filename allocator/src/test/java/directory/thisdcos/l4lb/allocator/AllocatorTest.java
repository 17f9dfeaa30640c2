package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.FencedException;
import directory.thisdcos.l4lb.store.StoreException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private static final Cause ME = new Cause("me", "a test");

    private final MemoryJournal journal = new MemoryJournal();
    private final TestLeader leader = new TestLeader();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
    private final Allocator allocator = new Allocator(
            TestSettings.of(Duration.ofMillis(50), "a"), journal, leader, problems, registry, InstantSource.system());

    @AfterEach
    void close() {
        allocator.close();
    }

    @Test
    void writesOnlyWhileItLeads() throws Exception {
        allocator.start();
        allocator.accept(new Said("a").app("x:80", "10.0.0.1:1").all());
        assertEquals(0, journal.takeovers());
        leader.set(true);
        State state = journal.await(next -> next.vip(Said.name("x:80")).isPresent());
        assertEquals(1, state.epoch());
        assertEquals(1, allocator.sources().size());
        assertTrue(allocator.sources().get(0).complete());
        assertEquals(1, allocator.sources().get(0).backends());
    }

    @Test
    void storeFailureIsRetriedFromTheTable() throws Exception {
        journal.fail(new StoreException("connection lost"));
        leader.set(true);
        allocator.start();
        allocator.accept(new Said("a").app("x:80").all());
        State state = journal.await(next -> next.vip(Said.name("x:80")).isPresent());
        assertEquals(2, state.epoch());
    }

    @Test
    void aFencedWriterTakesOverOnlyAsLeader() throws Exception {
        leader.set(true);
        allocator.start();
        journal.await(next -> next.pools().isPresent());
        journal.fail(new FencedException("epoch 7 writes"));
        leader.set(false);
        allocator.accept(new Said("a").app("x:80").all());
        leader.set(true);
        journal.await(next -> next.vip(Said.name("x:80")).isPresent());
        assertTrue(journal.state().epoch() > 1);
    }

    @Test
    void quarantineEndsWithoutAnySign() throws Exception {
        leader.set(true);
        allocator.start();
        allocator.accept(new Said("a").app("x:80").all());
        journal.await(next -> next.allocation(Said.name("x:80")).isPresent());
        allocator.accept(new Said("a").all());
        journal.await(next -> next.allocation(Said.name("x:80")).isEmpty());
    }

    private void awaitReporters(List<String> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!problems.entries().stream()
                .map(ProblemBoard.Entry::reporter)
                .toList()
                .equals(wanted)) {
            assertTrue(System.nanoTime() < deadline, problems.entries()::toString);
            Thread.onSpinWait();
        }
    }

    @Test
    void aTableThatCannotBeWrittenIsAProblemUntilItCan() throws Exception {
        // Three failures back off for 700 ms in all: long enough to be seen.
        for (int i = 0; i < 3; i++) {
            journal.fail(new StoreException("connection lost"));
        }
        leader.set(true);
        allocator.start();
        allocator.accept(new Said("a").app("x:80").all());
        awaitReporters(List.of("allocator-store"));
        journal.await(next -> next.vip(Said.name("x:80")).isPresent());
        awaitReporters(List.of());
    }

    @Test
    void problemsGoToTheBoard() throws Exception {
        leader.set(true);
        allocator.start();
        allocator.accept(new Said("a").app("127.0.0.1:80").app("x:80").all());
        journal.await(next -> next.vip(Said.name("x:80")).isPresent());
        assertEquals(
                List.of("allocator dangerous-vip"),
                problems.entries().stream()
                        .map(entry -> entry.reporter() + " " + entry.problem().kind())
                        .toList());
    }

    private List<String> refusals() {
        return problems.entries().stream()
                .filter(entry -> entry.reporter().equals("journal"))
                .map(entry -> entry.problem().subject())
                .toList();
    }

    @Test
    void aRefusedChangeStaysAProblemUntilItIsWritten() throws Exception {
        journal.refuse(
                change -> change instanceof Change.BackendPut put && put.key().equals(Said.key("x:80")));
        leader.set(true);
        allocator.start();
        allocator.accept(new Said("a").app("x:80", "10.0.0.1:1").unit("x"));
        journal.await(next -> next.service(Said.key("x:80")).isPresent());
        allocator.accept(new Said("a").app("y:80", "10.0.0.2:1").unit("y"));
        journal.await(next -> next.service(Said.key("y:80")).isPresent());
        allocator.accept(new Said("a").app("z:80", "10.0.0.2:1").unit("z"));
        journal.await(next -> next.service(Said.key("z:80")).isPresent());
        assertEquals(List.of("x.marathon.l4lb.thisdcos.directory:80/tcp backend 10.0.0.1:1"), refusals());
        journal.refuse(change -> false);
        allocator.accept(new Said("a").app("x:80", "10.0.0.1:1", "10.0.0.3:1").unit("x"));
        journal.await(next -> next.service(Said.key("x:80"))
                .filter(service -> service.backends().size() == 2)
                .isPresent());
        allocator.accept(new Said("a").unit("z"));
        journal.await(next -> next.service(Said.key("z:80")).isEmpty());
        assertEquals(List.of(), refusals());
    }

    @Test
    void anOrderIsCommittedOnceAndSurvivesAFailure() throws Exception {
        journal.fail(new StoreException("connection lost"));
        leader.set(true);
        allocator.start();
        ReserveOrder order = new ReserveOrder(
                Said.name("x:80"), Optional.of(Ip.of("11.0.0.9")), Optional.empty(), "me", Expectation.NONE);
        Allocation reserved = allocator.order(order, ME).get(10, TimeUnit.SECONDS);
        assertEquals(List.of(ME.of(Set.of(Said.name("x:80").text()))), journal.causes());
        assertEquals(Optional.of(reserved), journal.state().allocation(Said.name("x:80")));
        long seq = journal.state().seq();
        assertEquals(reserved, allocator.order(order, ME).get(10, TimeUnit.SECONDS));
        assertEquals(seq, journal.state().seq());
    }

    @Test
    void anOrderToAStandbyIsRefused() {
        allocator.start();
        ExecutionException e = assertThrows(
                ExecutionException.class,
                () -> allocator
                        .order(new ReleaseOrder(Said.name("x:80"), Expectation.NONE), ME)
                        .get(10, TimeUnit.SECONDS));
        assertTrue(String.valueOf(e.getCause()).contains("another process writes"), e::toString);
    }
}
