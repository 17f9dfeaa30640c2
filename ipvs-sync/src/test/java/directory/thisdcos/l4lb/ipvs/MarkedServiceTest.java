package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the kernel should have for services with a firewall mark. */
class MarkedServiceTest {
    private static final Balancing MARKED = Balancing.DEFAULT.withFwmark(17);
    private static final HostView HOST = new HostView(List.of(), Set.of(), false);

    private static States web() {
        return new States().name("web", "11.0.0.1", "fd01:c::1");
    }

    private static States tcp(States states, int port, Balancing balancing, String... backends) {
        return states.service(States.name("web"), Protocol.TCP, port, balancing, backends);
    }

    private static String text(State state) {
        return IpvsadmText.table(DesiredTable.of(state, HOST).services().values())
                .lines()
                .filter(line -> !line.contains("1815374946"))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> problems(State state) {
        return DesiredTable.of(state, HOST).problems(Pools.DEFAULT).stream()
                .map(Problem::message)
                .distinct()
                .toList();
    }

    @Test
    void portsThatShareAMarkAreOneServiceOfEachFamily() {
        States states = web();
        tcp(states, 80, MARKED, "10.1.0.2:80", "10.1.0.3:80", "[fd02::2]:80");
        tcp(states, 443, MARKED, "10.1.0.2:443", "10.1.0.3:443", "[fd02::2]:443");
        assertEquals("""
                -A -f 17 -s wlc
                -a -f 17 -r 10.1.0.2:0 -m -w 1
                -a -f 17 -r 10.1.0.3:0 -m -w 1
                -A -f 17 -6 -s wlc
                -a -f 17 -6 -r [fd02::2]:0 -m -w 1""", text(states.build()));
        assertEquals(List.of(), problems(states.build()));
        assertEquals(
                4,
                DesiredTable.of(states.build(), HOST)
                        .local(Pools.DEFAULT)
                        .marks()
                        .size());
    }

    @Test
    void aLonePortMapsPortsUnlessItKeepsClients() {
        assertEquals(
                """
                -A -f 17 -s wlc
                -a -f 17 -r 10.1.0.2:8080 -m -w 1
                -a -f 17 -r 10.1.0.3:0 -m -w 1
                -A -f 17 -6 -s wlc""", text(tcp(web(), 80, MARKED, "10.1.0.2:8080", "10.1.0.3:80").build()));
        State keeps = tcp(web(), 80, MARKED.withPersistence(60), "10.1.0.2:8080", "10.1.0.3:80")
                .build();
        assertEquals("""
                -A -f 17 -s wlc -p 60
                -a -f 17 -r 10.1.0.3:0 -m -w 1
                -A -f 17 -6 -s wlc -p 60""", text(keeps));
        assertEquals(1, problems(keeps).size());
        assertTrue(problems(keeps).get(0).contains("listen on port 80, not on 8080; or take the option fwmark away"));
    }

    @Test
    void aServerServesAllPortsOrNone() {
        States states = web();
        tcp(states, 80, MARKED, "10.1.0.2:80", "10.1.0.3:80", "10.1.0.4:80");
        tcp(states, 443, MARKED, "10.1.0.2:443", "10.1.0.3:8443");
        assertEquals("""
                -A -f 17 -s wlc
                -a -f 17 -r 10.1.0.2:0 -m -w 1
                -A -f 17 -6 -s wlc""", text(states.build()));
        assertEquals(
                List.of(
                        "fwmark 17 stands for several ports or keeps clients with their server, so the kernel leaves ports"
                                + " as they are: the backend must listen on port 443, not on 8443; or take the option"
                                + " fwmark away",
                        "is no backend at port 443, but of other services with fwmark 17, which have their servers in"
                                + " common: it gets no connections of any of them; let it serve all, or take the option"
                                + " fwmark away"),
                problems(states.build()));
    }

    @Test
    void theOptionsOfTheFirstCount() {
        States states = web();
        tcp(states, 80, MARKED.withPersistence(60), "10.1.0.2:80");
        tcp(states, 443, MARKED, "10.1.0.2:443");
        assertTrue(text(states.build()).startsWith("-A -f 17 -s wlc -p 60\n"));
        assertEquals(1, problems(states.build()).size());
    }

    @Test
    void aMarkOfSomebodyElseIsNotTaken() {
        State state = tcp(web(), 80, MARKED, "10.1.0.2:8080", "[fd02::2]:80").build();
        HostView host =
                new HostView(List.of(), Set.of(), true, 1, LocalView.NONE, Set.of(new ServiceId.Mark(Family.V6, 17)));
        DesiredTable table = DesiredTable.of(state, host);
        assertEquals("""
                -A -f 17 -s wlc
                -a -f 17 -r 10.1.0.2:8080 -m -w 1
                -A -f 1815374946 -s none
                -A -f 1815374946 -6 -s none
                -A -t [fd01:c::1]:80 -s wlc
                -a -t [fd01:c::1]:80 -r [fd02::2]:80 -m -w 1
                """, IpvsadmText.table(table.services().values()));
        Problem problem = table.problems(Pools.DEFAULT).iterator().next();
        assertEquals("fwmark-foreign", problem.kind());
        assertTrue(problem.message().contains("`ipvsadm -D -f 17 -6`"), problem.message());
    }
}
