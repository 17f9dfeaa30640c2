package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Containers in network namespaces of their own get the table there, whenever they come and go. */
@Tag("kernel")
class NamespaceKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private static State web(String... backends) {
        return new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .tcp("web", 80, backends)
                .build();
    }

    private static State both() {
        return web("10.1.0.2:8080", "10.1.0.3:8080", "[fd02::2]:8080");
    }

    /** A container on the bridge, at 10.1.0.{@code host}; its netns is called {@code name}. */
    private static void container(String name, int host) {
        Lab.sh("""
                ip netns add %1$s; ip link add h%1$s type veth peer name eth0 netns %1$s; ip link set h%1$s master br0 up
                ip -n %1$s addr add 10.1.0.%2$d/24 dev eth0; ip -n %1$s addr add fd02::%2$d/64 dev eth0 nodad
                ip -n %1$s link set eth0 up; ip -n %1$s link set lo up
                ip -n %1$s route add default via 10.1.0.1; ip -n %1$s -6 route add default via fd02::1
                """.formatted(name, host));
    }

    private static void remove(String name) {
        Lab.sh("ip link del h%1$s; ip netns del %1$s".formatted(name));
    }

    private static String ipvsadm(String namespace) {
        return Lab.sorted(Lab.sh("ip netns exec " + namespace + " ipvsadm -Sn"));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.sleep(100);
        }
    }

    private IpvsSync open(NamespaceSources sources) throws Exception {
        KernelSettings defaults = KernelSettings.DEFAULT;
        return Lab.open(Lab.settings(directory, IpvsMode.ON)
                .withAuditInterval(Duration.ofSeconds(1))
                .withKernel(new KernelSettings(defaults.timeouts(), defaults.foreign(), List.of(), 0, sources)));
    }

    /** How many sockets and namespaces this process holds. */
    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void aContainerOfTheCniFolderGetsTheTableAndLosesNothingElse() throws Exception {
        Path folder = directory.resolve("cni");
        try (IpvsSync sync = open(new NamespaceSources(Optional.of(folder), List.of()))) {
            sync.apply(both());
            String host = Lab.ipvsadm();
            container("c1", 20);
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(".hidden"), "/run/netns/nothing");
            Files.writeString(folder.resolve("c1"), "/run/netns/c1");
            await("the table in c1", () -> ipvsadm("c1").equals(host));
            await(
                    "the guard in c1",
                    () -> Lab.sh("ip netns exec c1 nft list tables").contains("inet l4lb"));
            for (String vip : List.of("11.0.0.1", "fd01:c::1")) {
                assertTrue("12".indexOf(Client.ask("c1", vip, 80)) >= 0, vip);
                assertEquals('X', Client.ask("c1", vip, 81), vip + ": a port without a service");
            }
            assertTrue(Lab.sh("ip netns exec c1 ipvsadm -Ln --stats -t 11.0.0.1:80")
                    .contains("11.0.0.1:80"));

            sync.apply(web("10.1.0.3:8080"));
            await("a change", () -> !ipvsadm("c1").contains("10.1.0.2"));
            assertEquals('2', Client.ask("c1", "11.0.0.1", 80));
            Lab.sh("ip netns exec c1 ipvsadm -C; ip netns exec c1 sysctl -qw net.ipv4.vs.conntrack=0");
            await(
                    "the repair",
                    () -> ipvsadm("c1").equals(Lab.ipvsadm())
                            && Lab.sh("ip netns exec c1 sysctl -n net.ipv4.vs.conntrack")
                                    .strip()
                                    .equals("1"));
            assertEquals(
                    List.of("c1"),
                    sync.status().namespaces().stream()
                            .map(NamespaceStatus::name)
                            .toList());
            Lab.witness("40: a container of the CNI folder has the host's table, follows it, is repaired\n"
                    + Lab.sh("ip netns exec c1 ipvsadm -Ln"));

            Files.delete(folder.resolve("c1"));
            await("letting go", () -> sync.status().namespaces().isEmpty());
            remove("c1");
            assertEquals(
                    host.lines().filter(line -> line.startsWith("-A")).toList(),
                    Lab.ipvsadm().lines().filter(line -> line.startsWith("-A")).toList(),
                    "the host's own table is as it was");
        }
    }

    @Test
    void listedNamespacesComeAndGoAtAnyTimeAndLeaveNoSocket() throws Exception {
        Path listed = Path.of("/run/netns/c2");
        try (IpvsSync sync = open(new NamespaceSources(Optional.empty(), List.of(listed)))) {
            sync.apply(both());
            long before = descriptors();
            for (int round = 0; round < 4; round++) {
                container("c2", 21);
                await("the table in c2", () -> ipvsadm("c2").equals(Lab.ipvsadm()));
                assertTrue("12".indexOf(Client.ask("c2", "11.0.0.1", 80)) >= 0);
                // Without a word: the next one under this name may come before anybody has looked.
                remove("c2");
                if (round % 2 == 0) {
                    await("letting go", () -> sync.status().namespaces().isEmpty());
                }
            }
            await("letting go", () -> sync.status().namespaces().isEmpty());
            await("no descriptor is left: " + before, () -> {
                try {
                    return descriptors() <= before;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(Map.of(), sync.audit(), "the host is not concerned");
            Lab.witness("40: a listed namespace was made and removed four times; no descriptor is left");
        }
    }

    @Test
    void aRestartAdoptsWhatContainersHave() throws Exception {
        container("c3", 22);
        NamespaceSources sources = new NamespaceSources(Optional.empty(), List.of(Path.of("/run/netns/c3")));
        try {
            try (IpvsSync sync = open(sources)) {
                sync.apply(both());
                await("the table in c3", () -> ipvsadm("c3").equals(Lab.ipvsadm()));
            }
            try (Client open = Client.connect("c3", "11.0.0.1", 80);
                    IpvsSync again = open(sources)) {
                again.apply(both());
                await(
                        "adoption",
                        () -> again.status().namespaces().stream().anyMatch(status -> status.services() == 2));
                assertEquals(0, again.status().namespaces().get(0).writes());
                assertTrue(open.echoes());
            }
            Lab.witness("40, 52: a restart writes nothing in a container's namespace, its connection lives");
        } finally {
            remove("c3");
        }
    }
}
