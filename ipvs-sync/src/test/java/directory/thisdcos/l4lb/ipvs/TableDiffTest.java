package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableDiffTest {
    private static final HostView HOST = new HostView(List.of(), Set.of(), true);

    private static Map<ServiceId, ServiceEntry> table(long seed) {
        return DesiredTable.of(States.random(new Random(seed)), HOST).services();
    }

    private static List<IpvsOp> diff(Map<ServiceId, ServiceEntry> kernel, Map<ServiceId, ServiceEntry> desired) {
        Set<ServiceId> all = new HashSet<>(kernel.keySet());
        all.addAll(desired.keySet());
        return TableDiff.between(kernel, desired, all);
    }

    @Test
    void leadsFromEveryTableToEveryOther() {
        Random random = new Random(Long.getLong("l4lb.seed", 1L));
        for (int round = 0; round < 1000; round++) {
            long from = random.nextLong();
            long to = random.nextLong();
            FakeKernel kernel = new FakeKernel();
            kernel.table.putAll(table(from));
            List<IpvsOp> operations = diff(kernel.table, table(to));
            String message = "from " + from + " to " + to;
            operations.forEach(operation -> assertEquals(0, kernel.execute(operation), message + " " + operation));
            assertEquals(table(to), kernel.table, message);
            assertEquals(List.of(), diff(kernel.table, table(to)), message);
        }
    }

    @Test
    void neverShrinksAPoolBeforeItHasGrown() {
        Random random = new Random(Long.getLong("l4lb.seed", 1L));
        for (int round = 0; round < 500; round++) {
            long seed = random.nextLong();
            List<IpvsOp> operations = diff(table(seed), table(seed + 1));
            int lastGrowth = last(operations, IpvsOp.AddDestination.class);
            int firstRemoval = first(operations, IpvsOp.RemoveDestination.class, IpvsOp.RemoveService.class);
            assertTrue(lastGrowth < firstRemoval, "seed " + seed + " " + operations);
        }
    }

    private static int last(List<IpvsOp> operations, Class<?> kind) {
        return IntStream.range(0, operations.size())
                .filter(i -> kind.isInstance(operations.get(i)))
                .max()
                .orElse(-1);
    }

    private static int first(List<IpvsOp> operations, Class<?> one, Class<?> other) {
        return IntStream.range(0, operations.size())
                .filter(i -> one.isInstance(operations.get(i)) || other.isInstance(operations.get(i)))
                .min()
                .orElse(operations.size());
    }

    @Test
    void publishesANewServiceLast() {
        Map<ServiceId, ServiceEntry> desired = DesiredTable.of(
                        new States()
                                .name("a", "11.0.0.1")
                                .tcp("a", 80, "10.1.0.2:80", "10.1.0.3:80")
                                .build(),
                        new HostView(List.of(), Set.of(), false))
                .services();
        FakeKernel kernel = new FakeKernel();
        Sentinel.entries(false)
                .forEach(entry -> kernel.table.put(entry.service().id(), entry));
        assertEquals("""
                -A -t 11.0.0.1:80 -s none
                -a -t 11.0.0.1:80 -r 10.1.0.2:80 -m -w 1
                -a -t 11.0.0.1:80 -r 10.1.0.3:80 -m -w 1
                -E -t 11.0.0.1:80 -s wlc
                """, IpvsadmText.operations(diff(kernel.table, desired)));
    }

    @Test
    void editsBySetOnly() {
        ServiceId id = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80);
        Endpoint server = Endpoint.parse("10.1.0.2:80");
        ServiceEntry kernel = ServiceEntry.of(
                KernelService.of(id, "rr"), List.of(new KernelDestination(server, Forwarding.DIRECT, 7, 0, 0)));
        ServiceEntry desired =
                ServiceEntry.of(KernelService.of(id, "wlc"), List.of(KernelDestination.masquerading(server, 1)));
        assertEquals(
                "-E -t 11.0.0.1:80 -s wlc\n-e -t 11.0.0.1:80 -r 10.1.0.2:80 -m -w 1\n",
                IpvsadmText.operations(diff(Map.of(id, kernel), Map.of(id, desired))));
    }
}
