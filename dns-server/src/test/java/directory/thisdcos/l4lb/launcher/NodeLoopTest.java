package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The promise of the loop: DNS never shows an address that the kernel does not serve. */
final class NodeLoopTest {
    private static final int NAMES = 8;

    /** A kernel and a DNS server as far as the order matters: the addresses that each has. */
    private static final class Machine {
        private final Random random;
        private Set<Ip> kernel = Set.of();
        private Set<Ip> dns = Set.of();
        private int shownStates;

        Machine(Random random) {
            this.random = random;
        }

        Set<Ip> program(State table) {
            assertTrue(addresses(table).containsAll(dns), "what DNS still shows would lose its data path");
            Set<Ip> failed = new HashSet<>(addresses(table));
            failed.removeIf(ip -> random.nextInt(4) != 0);
            kernel = new HashSet<>(addresses(table));
            kernel.removeAll(failed);
            return failed;
        }

        void show(State table, Set<Ip> withheld) {
            dns = new HashSet<>(addresses(table));
            dns.removeAll(withheld);
            shownStates++;
            assertTrue(kernel.containsAll(dns), "DNS shows what the kernel does not serve");
        }
    }

    private static Set<Ip> addresses(State table) {
        Set<Ip> addresses = new HashSet<>();
        table.vips().filter(vip -> vip.isLive()).forEach(vip -> addresses.addAll(vip.addresses()));
        return addresses;
    }

    private static ServiceName name(int number) {
        return new ServiceName("svc-" + number + ".marathon." + ServiceName.ZONE);
    }

    private static List<Change> randomChanges(Random random) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            ServiceKey key = new ServiceKey(name(i), Protocol.TCP, 80);
            switch (random.nextInt(4)) {
                case 0 -> {
                    changes.add(new Change.ServiceRemoved(key));
                    changes.add(new Change.AllocationRemoved(name(i)));
                }
                case 1 -> {
                    Ip address = Ip.of("11.0." + i + "." + random.nextInt(3));
                    changes.add(new Change.AllocationPut(new Allocation(
                            name(i), address, Optional.empty(), Allocation.Status.ALLOCATED, 0, "/svc-" + i)));
                    changes.add(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), 0)));
                }
                default -> {}
            }
        }
        return changes;
    }

    @Test
    void dnsNeverShowsWhatTheKernelDoesNotServe() {
        long seed = Long.getLong("l4lb.seed", 1L);
        Random random = new Random(seed);
        Machine machine = new Machine(random);
        NodeLoop loop = new NodeLoop(machine::program, machine::show, table -> {}, nanos -> {});
        State table = State.EMPTY;
        for (int i = 1; i <= 500; i++) {
            table = table.apply(new Batch(1, i, 0, randomChanges(random)));
            loop.applyFirst(table);
            Set<Ip> expected = new HashSet<>(addresses(table));
            expected.retainAll(machine.kernel);
            assertEquals(expected, machine.dns, "seed " + seed);
        }
        assertTrue(machine.shownStates > 500, "some addresses left DNS before the kernel changed");
    }

    @Test
    void whatTheKernelRefusedIsTriedAgain() throws InterruptedException {
        State table = State.EMPTY.apply(new Batch(
                1,
                1,
                0,
                List.of(
                        new Change.AllocationPut(new Allocation(
                                name(1), Ip.of("11.0.0.1"), Optional.empty(), Allocation.Status.ALLOCATED, 0, "/svc")),
                        new Change.ServicePut(
                                new ServiceKey(name(1), Protocol.TCP, 80),
                                new ServiceSpec(Scheduler.WLC, List.of(), 0)))));
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch shown = new CountDownLatch(1);
        try (NodeLoop loop = new NodeLoop(
                ignored -> {
                    int count = tries.incrementAndGet();
                    if (count == 1) {
                        throw new IllegalStateException("a bug");
                    }
                    return count == 2 ? Set.of(Ip.of("11.0.0.1")) : Set.of();
                },
                (state, withheld) -> {
                    if (withheld.isEmpty()) {
                        shown.countDown();
                    }
                },
                state -> {},
                nanos -> {})) {
            loop.start();
            loop.offer(table);
            assertTrue(shown.await(30, TimeUnit.SECONDS));
            assertEquals(3, tries.get());
        }
    }

    @Test
    void aFloodOfTablesIsGatheredAndTheLastOneIsShownSoon() throws InterruptedException {
        int tables = 2_000;
        AtomicInteger shown = new AtomicInteger();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        CountDownLatch last = new CountDownLatch(1);
        State table = State.EMPTY;
        long began = System.nanoTime();
        try (NodeLoop loop = new NodeLoop(
                ignored -> Set.of(),
                (state, withheld) -> {
                    shown.incrementAndGet();
                    if (state.seq() == tables) {
                        last.countDown();
                    }
                },
                state -> {},
                latencies::add)) {
            loop.start();
            for (int i = 1; i <= tables; i++) {
                table = table.apply(new Batch(1, i, 0, List.of()));
                loop.offer(table);
                if (i % 100 == 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
            assertTrue(last.await(30, TimeUnit.SECONDS));
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(
                shown.get() <= 2 + millis / NodeLoop.GATHER_MILLIS, shown.get() + " publications in " + millis + " ms");
        assertEquals(shown.get(), latencies.size());
        assertTrue(latencies.stream().allMatch(nanos -> nanos >= 0 && nanos <= System.nanoTime() - began));
    }
}
