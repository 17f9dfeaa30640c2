package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A change of a service takes the fewest messages, and no connection notices it. */
@Tag("kernel")
class EditKernelTest {
    @RegisterExtension
    static final SharedLabNet LAB = new SharedLabNet(2);

    @TempDir
    private Path directory;

    private static State web(Balancing balancing, String... backends) {
        return new States()
                .name("web", "11.0.0.1")
                .service(States.name("web"), Protocol.TCP, 80, balancing, backends)
                .build();
    }

    private static State web(String... backends) {
        return web(Balancing.of(Scheduler.RR), backends);
    }

    private static List<String> operations(IpvsSync sync) {
        return sync.status().lastPlan().orElseThrow().first();
    }

    @Test
    void eachEditIsOneMessageAndKeepsConnections() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(web("10.1.0.2:8080"));
            try (Client open = Client.connect("cl", "11.0.0.1", 80)) {
                sync.apply(web("10.1.0.2:8080", "10.1.0.3:8080"));
                assertEquals(List.of("-a -t 11.0.0.1:80 -r 10.1.0.3:8080 -m -w 1"), operations(sync));
                assertTrue(open.echoes());
                Lab.witness("3: one more server is one message: " + operations(sync));

                sync.apply(web(Balancing.of(Scheduler.WLC), "10.1.0.2:8080", "10.1.0.3:8080"));
                assertEquals(List.of("-E -t 11.0.0.1:80 -s wlc"), operations(sync));
                assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.1:80 -s wlc"));
                assertTrue(open.echoes());
                Lab.witness("15: another scheduler is one message: " + operations(sync));

                Balancing persistent = Balancing.of(Scheduler.WLC).withPersistence(300);
                sync.apply(web(persistent, "10.1.0.2:8080", "10.1.0.3:8080"));
                assertTrue(Lab.ipvsadm().contains("-A -t 11.0.0.1:80 -s wlc -p 300"), Lab::ipvsadm);
                char server = Client.ask("cl", "11.0.0.1", 80);
                for (int i = 0; i < 6; i++) {
                    assertEquals(server, Client.ask("cl", "11.0.0.1", 80), "persistent");
                }
                sync.apply(web(Balancing.of(Scheduler.WLC), "10.1.0.2:8080", "10.1.0.3:8080"));
                assertTrue(!Lab.ipvsadm().contains(" -p "), Lab::ipvsadm);
                assertTrue(open.echoes());
                Lab.witness("17: persistence comes and goes by SET");

                long writes = sync.status().writes();
                sync.apply(web(Balancing.of(Scheduler.WLC), "10.1.0.2:8080", "10.1.0.3:8080"));
                assertEquals(Map.of(), sync.audit());
                assertEquals(writes, sync.status().writes());
                assertTrue(open.echoes());
                Lab.witness("2: the same state again is no message");
            }
        }
    }

    @Test
    void aServiceThatSomebodyRemovedIsMadeAgainInTheSameApply() throws Exception {
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(web("10.1.0.2:8080"));
            Lab.sh("ipvsadm -D -t 11.0.0.1:80");
            assertEquals(Set.of(), sync.apply(web("10.1.0.2:8080", "10.1.0.3:8080")));
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            assertEquals(1L, sync.status().errors().get("ESRCH"), "the refusal is seen");
            Lab.sh("ipvsadm -a -t 11.0.0.1:80 -r 10.1.0.4:8080 -m -w 7");
            assertEquals(Set.of(), sync.apply(web("10.1.0.2:8080", "10.1.0.3:8080", "10.1.0.4:8080")));
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            Lab.witness("28, R12: ESRCH makes the service again with all its servers, EEXIST becomes a SET");
        }
    }

    @Test
    void aNewServiceIsNeverHalfFilled() throws Exception {
        String[] backends = {"10.1.0.2:8080", "10.1.0.3:8080"};
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(new States().name("web", "11.0.0.1").build());
            AtomicBoolean stop = new AtomicBoolean();
            Queue<Character> answers = new ConcurrentLinkedQueue<>();
            Thread client = new Thread(() -> {
                while (!stop.get()) {
                    try {
                        answers.add(Client.ask("cl", "11.0.0.1", 80));
                    } catch (IOException e) {
                        answers.add('?');
                    }
                }
            });
            client.start();
            awaitMore(answers, 5);
            sync.apply(web(backends));
            awaitMore(answers, 20);
            stop.set(true);
            client.join();
            List<Character> all = new ArrayList<>(answers);
            int first = all.indexOf(
                    all.stream().filter(answer -> answer != 'X').findFirst().orElseThrow());
            assertEquals(Set.of('X'), Set.copyOf(all.subList(0, first)));
            List<Character> after = all.subList(first, all.size());
            assertEquals(Set.of('1', '2'), Set.copyOf(after), "no refusal once it is there");
            for (int i = 1; i < after.size(); i++) {
                assertTrue(
                        !after.get(i).equals(after.get(i - 1)), "rr alternates from the first connection on: " + after);
            }
            Lab.witness("1: refused " + first + " times, then " + after.size() + " connections in turn, none refused");
        }
    }

    private static void awaitMore(Queue<Character> answers, int more) throws InterruptedException {
        int until = answers.size() + more;
        while (answers.size() < until) {
            Thread.sleep(5);
        }
    }

    @Test
    void allServicesComeBackAfterTheTableWasCleared() throws Exception {
        State state = States.of(States.many(1000, 2)).build();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(state);
            Lab.sh("ipvsadm -C");
            long start = System.nanoTime();
            Map<String, Integer> repairs = sync.audit();
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertEquals(1002, repairs.get("service-missing"));
            assertEquals(2000, repairs.get("destination-missing"));
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            Lab.witness("23: ipvsadm -C of 1,000 services: the audit that finds it has them back in " + millis
                    + " ms of an emulated machine");
        }
    }

    @Test
    void sctpIsServedToo() throws Exception {
        State state = new States()
                .name("web", "11.0.0.1", "fd01:c::1")
                .service(States.name("web"), Protocol.SCTP, 80, "10.1.0.2:8080", "[fd02::2]:8080")
                .build();
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            assertEquals(Set.of(), sync.apply(state));
            assertTrue(Lab.sh("ipvsadm -Sn").contains("--sctp-service 11.0.0.1:80"), Lab.sh("ipvsadm -Sn"));
            assertEquals(Map.of(), sync.audit());
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            Lab.witness("39: SCTP, both families");
        }
    }

    @Test
    void schedulersOfManyServicesChangeWhileABackendComesAtOnce() throws Exception {
        int count = 60;
        try (IpvsSync sync = Lab.open(directory, IpvsMode.ON)) {
            sync.apply(services(count, Scheduler.RR));
            State changed = services(count, Scheduler.WLC);
            sync.apply(changed);
            long start = System.nanoTime();
            sync.apply(States.of(changed)
                    .service(States.name("s7"), Protocol.TCP, 80, Balancing.of(Scheduler.WLC), "10.1.0.9:8080")
                    .build());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(Lab.ipvsadm().contains("-r 10.1.0.9:8080"));
            while (Lab.ipvsadm().contains("-s rr")) {
                Thread.sleep(50);
            }
            long all = (System.nanoTime() - start) / 1_000_000;
            assertEquals(Lab.sorted(sync.plan()), Lab.ipvsadm());
            assertEquals(Map.of(), sync.audit());
            Lab.witness("50, R34: " + count + " schedulers change within " + all + " ms, a backend meanwhile in "
                    + millis + " ms");
        }
    }

    private static State services(int count, Scheduler scheduler) {
        States states = new States();
        for (int i = 0; i < count; i++) {
            states.name("s" + i, "11.0.0." + (i + 1))
                    .service(States.name("s" + i), Protocol.TCP, 80, Balancing.of(scheduler), "10.1.0.2:8080");
        }
        return states.build();
    }
}
