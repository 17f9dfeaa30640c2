package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableHistoryTest {
    private final TableHistory history = new TableHistory(InstantSource.system());
    private State state = State.EMPTY.apply(new Batch(1, 1, 0, List.of()));

    private void commit(Change... changes) {
        state = state.apply(new Batch(1, state.seq() + 1, 0, List.of(changes)));
        history.observe(state);
    }

    @Test
    void aNamesLifeIsTold() {
        history.observe(state);
        Allocation allocation = new Allocation(
                Said.name("x:80"), Ip.of("11.0.0.1"), Optional.empty(), Allocation.Status.ALLOCATED, 1, "/x");
        commit(
                new Change.AllocationPut(allocation),
                new Change.ServicePut(Said.key("x:80"), new ServiceSpec(Scheduler.WLC, List.of(), 1)));
        commit(new Change.AllocationPut(allocation
                .withAddresses(Ip.of("11.0.0.2"), Optional.empty())
                .withHold(new Hold(true, List.of(new Hold.Former(Ip.of("11.0.0.1"), 2))))));
        commit(new Change.ServiceRemoved(Said.key("x:80")));
        commit(new Change.AllocationRemoved(Said.name("x:80")));
        assertEquals(
                List.of(
                        "2 allocated [11.0.0.1]",
                        "2 service 80/tcp with 0 backends",
                        "3 allocated [11.0.0.2]",
                        "3 reserved by /x",
                        "3 former addresses in quarantine: [11.0.0.1]",
                        "4 service 80/tcp gone",
                        "5 freed [11.0.0.2, 11.0.0.1]"),
                history.of(Said.name("x:80")).stream()
                        .map(event -> event.table() + " " + event.text())
                        .toList());
        assertEquals(List.of(), history.of(Said.name("y:80")));
    }

    @Test
    void whatTheFirstTableHoldsIsNoEvent() {
        commit(new Change.AllocationPut(new Allocation(
                Said.name("x:80"), Ip.of("11.0.0.1"), Optional.empty(), Allocation.Status.ALLOCATED, 1, "/x")));
        assertEquals(List.of(), history.of(Said.name("x:80")));
    }
}
