package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.netlink.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write is what the kernel has: its own dump and ipvsadm are the witnesses. */
@Tag("kernel")
class TableKernelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private static State mixed() {
        return new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .tcp("web", 80, "10.1.0.2:8080", "10.1.0.3:8080", "[fd02::2]:8080", "[1000::3]:8080")
                .service(States.name("web"), Protocol.UDP, 53, "10.1.0.2:53")
                .name("empty", "11.0.0.2")
                .tcp("empty", 80)
                .fixed("3.3.0.6", 3306, "10.1.0.4:3306")
                .build();
    }

    @Test
    void writesWhatIpvsadmShows() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON);
                NetlinkIpvs kernel = NetlinkIpvs.open(TIMEOUT)) {
            assertEquals(Set.of(), sync.apply(mixed()));
            Lab.witness("ipvsadm -Sn\n" + Lab.sh("ipvsadm -Sn"));
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            assertEquals(Lab.desired(mixed()), kernel.read());
            for (ServiceId id : Lab.desired(mixed()).keySet()) {
                assertEquals(Optional.ofNullable(Lab.desired(mixed()).get(id)), kernel.readExactly(id));
            }
            assertEquals("", sync.pending());
            assertEquals(Map.of(), sync.audit(), "an audit finds nothing to do");
            Lab.witness(Lab.sh("ip route show table local proto 76; ip -6 route show table local proto 76;"
                    + "nft -s list table inet l4lb; sysctl net.ipv4.vs.conntrack net.ipv4.vs.expire_nodest_conn"));

            assertEquals(Set.of(), sync.apply(new States().build()));
            assertEquals("-A -f 1815374946 -6 -s none\n-A -f 1815374946 -s none", Lab.ipvsadm());
            assertEquals(
                    "local 11.0.0.0/8 dev lo scope host",
                    Lab.sh("ip route show table local proto 76").strip());
        }
    }

    @Test
    void aRestartWritesNothing() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(mixed());
        }
        String before = Lab.ipvsadm();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            assertEquals(Set.of(), sync.apply(mixed()));
            assertEquals(0, sync.status().writes());
            assertEquals(Map.of(), sync.audit());
            assertEquals(0, sync.status().writes());
        }
        assertEquals(before, Lab.ipvsadm());
        Lab.witness("restart: 0 writes, ipvsadm -Sn unchanged");
    }

    @Test
    void neverTouchesForeignServicesAndRemovesItsOwnLeftovers() throws Exception {
        Lab.sh("ipvsadm -A -t 192.168.9.9:80 -s rr; ipvsadm -a -t 192.168.9.9:80 -r 10.9.9.9:80 -g -w 5;"
                + "ipvsadm -A -f 99 -s rr; ipvsadm -a -f 99 -r 10.9.9.9:80 -m;"
                + "ipvsadm -A -t 11.5.5.5:80 -s rr"); // in our pool: ours
        String foreign = "-A -f 99 -s rr\n-A -t 192.168.9.9:80 -s rr\n-a -f 99 -r 10.9.9.9:80 -m -w 1\n"
                + "-a -t 192.168.9.9:80 -r 10.9.9.9:80 -g -w 5";
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(State.EMPTY);
            assertTrue(Lab.ipvsadm().contains("11.5.5.5"), "nothing goes before the first table");
            sync.apply(mixed());
            for (int i = 0; i < 20; i++) {
                assertEquals(Map.of(), sync.audit());
            }
            assertEquals(Lab.sorted(sync.plan() + foreign), Lab.ipvsadm());
        }
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(new States().build());
            assertEquals(Lab.sorted(sync.plan() + foreign), Lab.ipvsadm(), "3.3.0.6 was in the journal");
        }
    }

    @Test
    void oneBadOperationAmongThousandsIsTheOnlyOneRefused() throws IOException {
        ServiceId id = new ServiceId.Address(Ip.of("11.0.0.1"), 6, 80);
        List<IpvsOp> operations = new ArrayList<>();
        operations.add(new IpvsOp.AddService(KernelService.of(id, "rr")));
        for (int i = 0; i < 3000; i++) {
            int weight = i == 1700 ? -1 : 1;
            operations.add(new IpvsOp.AddDestination(
                    id,
                    KernelDestination.masquerading(new Endpoint(Ip.v4(0x0a010000 + i / 10), 1000 + i % 10), weight)));
        }
        try (NetlinkIpvs kernel = NetlinkIpvs.open(TIMEOUT)) {
            int[] errors = kernel.execute(operations);
            for (int i = 0; i < errors.length; i++) {
                // The first address, 10.1.0.0, is as good as any other for the kernel.
                assertEquals(i == 1701 ? 34 : 0, errors[i], "operation " + i);
            }
            assertEquals(
                    2999, kernel.readExactly(id).orElseThrow().destinations().size());
            int[] again = kernel.execute(operations);
            for (int i = 0; i < again.length; i++) {
                assertEquals(i == 1701 ? 34 : Errno.EEXIST, again[i], "all refused: no answer is lost");
            }
            assertEquals(
                    List.of(Errno.ENOENT, Errno.ESRCH, Errno.ESRCH),
                    list(kernel.execute(List.of(
                            new IpvsOp.AddService(KernelService.of(other(), "nosuch")),
                            new IpvsOp.RemoveService(other()),
                            new IpvsOp.RemoveDestination(other(), Endpoint.parse("10.1.0.1:1"))))));
        }
    }

    private static ServiceId other() {
        return new ServiceId.Address(Ip.of("11.0.0.9"), 6, 80);
    }

    private static List<Integer> list(int[] numbers) {
        List<Integer> list = new ArrayList<>();
        for (int number : numbers) {
            list.add(number);
        }
        return list;
    }

    @Test
    void oneEnginePerNetworkNamespace() throws Exception {
        try (IpvsSync first = Lab.open(directory, IpvsMode.ON)) {
            IpvsException refused = assertThrows(IpvsException.class, () -> Lab.open(directory, IpvsMode.ON));
            Lab.witness(String.valueOf(refused.getMessage()));
            try (IpvsSync second = Lab.open(directory, IpvsMode.AUTO)) {
                assertEquals(IpvsMode.PLAN, second.status().mode());
                assertEquals(refused.getMessage(), second.status().reason());
            }
            assertEquals(IpvsMode.ON, first.status().mode());
        }
        Lab.open(directory, IpvsMode.ON).close();
    }

    @Test
    void loadsAdoptsAndChangesThousandsOfServices() throws Exception {
        int services = Integer.getInteger("l4lb.kernel.services", 3000);
        State state = States.many(services, 3);
        State next = States.of(state).tcp("s77", 80, "10.1.0.9:8080").build();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            long start = System.nanoTime();
            assertEquals(Set.of(), sync.apply(state));
            long loaded = System.nanoTime();
            long writes = sync.status().writes();
            assertEquals(Set.of(), sync.apply(next));
            long changed = System.nanoTime();
            assertEquals(writes + 1, sync.status().writes());
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long before = System.nanoTime();
                sync.apply(i % 2 == 0 ? state : next);
                micros.add((System.nanoTime() - before) / 1000);
            }
            Collections.sort(micros);
            long audit = System.nanoTime();
            assertEquals(Map.of(), sync.audit());
            Lab.witness(
                    services + " services x 3 destinations: load " + (loaded - start) / 1_000_000 + " ms, one change "
                            + micros.get(10) + " us (median of 20; first " + (changed - loaded) / 1000 + " us), audit "
                            + (System.nanoTime() - audit) / 1_000_000 + " ms");
        }
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            long start = System.nanoTime();
            sync.apply(next);
            Lab.witness("adopted in " + (System.nanoTime() - start) / 1_000_000 + " ms, writes="
                    + sync.status().writes());
            assertTrue(sync.status().writes() <= 1, "the last state was the one or the other");
        }
    }

    @Test
    void rebuildsAllAfterTheModuleWasLoadedAnew() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(mixed());
            Lab.sh("ipvsadm -C; for i in 1 2 3 4 5; do"
                    + " rmmod $(awk '/^ip_vs_/ {print $1}' /proc/modules) ip_vs 2>/dev/null && break; sleep 1; done;"
                    + " ! grep -q '^ip_vs ' /proc/modules");
            Map<String, Integer> repairs = new HashMap<>(sync.audit());
            assertEquals(Map.of("service-missing", 8, "sysctl", 3), only(repairs, "service-missing", "sysctl"));
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            Lab.witness("rmmod ip_vs: repaired " + repairs);
        }
    }

    private static Map<String, Integer> only(Map<String, Integer> all, String... kinds) {
        Map<String, Integer> some = new HashMap<>(all);
        some.keySet().retainAll(Set.of(kinds));
        return some;
    }
}
