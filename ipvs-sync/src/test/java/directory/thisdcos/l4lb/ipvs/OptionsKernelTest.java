package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a service may ask of IPVS, in a real kernel. */
@Tag("kernel")
class OptionsKernelTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void clean() {
        Lab.clean();
    }

    private static States with(States states, int port, Balancing balancing, String... backends) {
        return states.service(States.name("web"), Protocol.TCP, port, balancing, backends);
    }

    private static State everything() {
        States states = new States().name("web", "11.0.0.1", "fd01:c::1");
        int port = 1000;
        for (Scheduler scheduler : Scheduler.values()) {
            // The stock Debian 12 kernel comes without this one.
            if (scheduler == Scheduler.TWOS) {
                continue;
            }
            with(states, port++, Balancing.of(scheduler), "10.1.0.2:8080", "10.1.0.3:8080", "[fd02::2]:8080");
        }
        Balancing rr = Balancing.of(Scheduler.RR);
        with(states, 2000, rr.withPersistence(600), "10.1.0.2:8080");
        with(states, 2001, rr.withThresholds(100, 50), "10.1.0.2:8080", "[fd02::2]:8080");
        with(states, 2002, rr.withMethod(ForwardingMethod.DIRECT, 0), "10.1.0.2:2002");
        with(states, 2003, rr.withMethod(ForwardingMethod.IPIP, 0), "10.1.0.2:2003");
        with(states, 2004, rr.withMethod(ForwardingMethod.GUE, 6080), "10.1.0.2:2004", "[fd02::2]:2004");
        with(states, 2005, rr.withMethod(ForwardingMethod.GRE, 0), "10.1.0.2:2005");
        states.service(States.name("web"), Protocol.UDP, 53, rr.withOnePacket(true), "10.1.0.2:53");
        return states.build();
    }

    @Test
    void theKernelHasEachOptionAndARestartWritesNothing() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON);
                NetlinkIpvs kernel = NetlinkIpvs.open(Duration.ofSeconds(10))) {
            assertEquals(Set.of(), sync.apply(everything()));
            Lab.witness("ipvsadm -Sn\n" + Lab.sh("ipvsadm -Sn"));
            Map<ServiceId, ServiceEntry> desired = Lab.desired(everything());
            for (ServiceId id : desired.keySet()) {
                assertEquals(Optional.ofNullable(desired.get(id)), kernel.readExactly(id));
            }
            assertEquals(Map.of(), sync.audit());
            assertTrue(Lab.ipvsadm().contains("-a -t [fd01:c::1]:2003 -r 10.1.0.2:2003 -i"), "IPv4 behind IPv6");
        }
        try (IpvsSync again = Lab.open(directory, IpvsMode.ON)) {
            again.apply(everything());
            assertEquals(0, again.status().writes());
            Map<String, Map<String, Integer>> mutations = new TreeMap<>();
            mutations.put("ipvsadm -E -t 11.0.0.1:1004 -s sh", Map.of("service-changed", 1));
            mutations.put("ipvsadm -E -t 11.0.0.1:2000 -s rr", Map.of("service-changed", 1));
            mutations.put("ipvsadm -E -t 11.0.0.1:2000 -s rr -p 30", Map.of("service-changed", 1));
            mutations.put("ipvsadm -E -u 11.0.0.1:53 -s rr", Map.of("service-changed", 1));
            mutations.put("ipvsadm -e -t 11.0.0.1:2001 -r 10.1.0.2:8080 -m -x 7", Map.of("destination-changed", 1));
            mutations.put(
                    "ipvsadm -e -t 11.0.0.1:2004 -r 10.1.0.2:2004 -i --tun-type gre", Map.of("destination-changed", 1));
            mutations.forEach((command, repairs) -> {
                Lab.sh(command);
                assertEquals(repairs, again.audit(), command);
                Lab.witness(command + " -> repaired " + repairs);
            });
        }
    }

    @Test
    void aSchedulerThatTheKernelLacksHoldsBackNothing() throws Exception {
        State state = with(
                        with(
                                new States().name("web", "11.0.0.1"),
                                80,
                                Balancing.of(Scheduler.TWOS),
                                "10.1.0.2:8080",
                                "10.1.0.3:8080"),
                        81,
                        Balancing.of(Scheduler.SH).withHashPort(false),
                        "10.1.0.2:8080")
                .build();
        PrometheusRegistry registry = new PrometheusRegistry();
        ProblemBoard problems = new ProblemBoard(registry, InstantSource.system());
        try (IpvsSync sync = Lab.open(directory, problems, registry)) {
            assertEquals(Set.of(), sync.apply(state), "no address is held back");
            assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.1:80 -s wlc"));
            assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.1:81 -s sh -b sh-fallback"));
            assertEquals(Map.of(), sync.audit(), "what the kernel cannot have is no drift");
            assertEquals("", sync.pending());
            String problem = problems.entries().get(0).problem().message();
            assertTrue(problem.contains("modprobe ip_vs_twos"), problem);
            Lab.witness("29, R12: scheduler twos is missing -> wlc, " + problem);
        }
    }

    @Test
    void noSchedulerRefusesWhileAServerDrains() throws Exception {
        LabNet net = LabNet.make(3);
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            for (Scheduler scheduler : new Scheduler[] {Scheduler.RR, Scheduler.WLC, Scheduler.SH, Scheduler.MH}) {
                States web = with(
                        new States().name("web", "11.0.0.1"),
                        80,
                        Balancing.of(scheduler),
                        "10.1.0.2:8080",
                        "10.1.0.3:8080",
                        "10.1.0.4:8080");
                sync.apply(web.build());
                sync.apply(web.with(new Change.BackendPut(
                                new ServiceKey(States.name("web"), Protocol.TCP, 80),
                                States.backend("10.1.0.4:8080", 0)))
                        .build());
                for (int i = 0; i < 60; i++) {
                    char server = Client.ask("cl", "11.0.0.1", 80);
                    assertTrue(server == '1' || server == '2', scheduler + ": " + server);
                }
                Lab.witness(scheduler.text() + " with a server of weight 0: 0 of 60 connections refused");
            }
        } finally {
            net.close();
        }
    }
}
