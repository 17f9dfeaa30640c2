package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What the zones made from the table say, and their second names. */
class ServiceAnswersTest {
    private static final String ZONE = "l4lb.thisdcos.directory";

    private final Asker asker = Asker.of(Tables.apply(
            State.EMPTY,
            List.of(
                    new Change.PoolsPut(Pools.DEFAULT),
                    Tables.allocation("web.marathon", "11.0.0.1", "fd01:c::1"),
                    new Change.ServicePut(
                            Tables.key("web.marathon", 80),
                            new ServiceSpec(
                                    Scheduler.WLC, List.of(new Origin("apps:/x", "marathon", "/web", "/web:80")), 0)),
                    Tables.service("web.marathon", 443),
                    new Change.BackendPut(Tables.key("web.marathon", 80), Tables.backend("10.0.0.1", 8080, "HTTP")),
                    new Change.BackendPut(Tables.key("web.marathon", 443), Tables.backend("10.0.0.1", 8443, "http")))));

    private String answer(String name, int type) {
        Message reply = asker.ask(name, type);
        String status = Rcode.string(reply.getRcode()) + (reply.getHeader().getFlag(Flags.AA) ? " aa" : "");
        String records = String.join("|", Asker.records(reply, Section.ANSWER));
        return status + (records.isEmpty() ? "" : " " + records);
    }

    @ParameterizedTest
    @CsvSource({
        "_80._tcp.web.marathon, SRV, NOERROR aa _80._tcp.web.marathon.Z SRV 1 1 80 web.marathon.Z.",
        "_tcp.web.marathon, SRV, NOERROR aa",
        "_81._tcp.web.marathon, SRV, NXDOMAIN aa",
        "_80._udp.web.marathon, SRV, NXDOMAIN aa",
        "_80._tcp.web.marathon, A, NOERROR aa",
        "_http._tcp.web.marathon, SRV, "
                + "NOERROR aa _http._tcp.web.marathon.Z SRV 1 1 443 web.marathon.Z."
                + "|_http._tcp.web.marathon.Z SRV 1 1 80 web.marathon.Z.",
        "_80._tcp.web.marathon, TXT, NOERROR aa _80._tcp.web.marathon.Z TXT port=80 protocol=tcp "
                + "scheduler=wlc backends=1 eligible=1 framework=marathon owner=/web",
        "ready, A, NOERROR aa ready.Z A 127.0.0.1",
        "marathon, A, NOERROR aa"
    })
    void servesTheServices(String name, String type, String expected) {
        assertEquals(expected.replace(".Z", "." + ZONE), answer(name + "." + ZONE, Type.value(type)));
    }

    @Test
    void describesEachServiceOfAName() {
        assertEquals(
                2,
                Asker.records(asker.ask("web.marathon." + ZONE, Type.TXT), Section.ANSWER)
                        .size());
    }

    @Test
    void addsTheAddressesToSrv() {
        assertEquals(
                List.of("web.marathon." + ZONE + " A 11.0.0.1", "web.marathon." + ZONE + " AAAA fd01:c:0:0:0:0:0:1"),
                Asker.records(asker.ask("_80._tcp.web.marathon." + ZONE, Type.SRV), Section.ADDITIONAL));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0.0.11.in-addr.arpa, NOERROR aa 1.0.0.11.in-addr.arpa PTR web.marathon.l4lb.thisdcos.directory.",
        "2.0.0.11.in-addr.arpa, NXDOMAIN aa",
        "0.0.11.in-addr.arpa, NOERROR aa",
        "11.in-addr.arpa, NOERROR aa",
        "1.0.0.10.in-addr.arpa, REFUSED"
    })
    void servesTheReverseZones(String name, String expected) {
        assertEquals(expected, answer(name, Type.PTR));
    }

    @Test
    void servesTheReverseZoneOfTheIpv6Pool() {
        String name = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.0.0.0.1.0.d.f.ip6.arpa";
        assertEquals("NOERROR aa " + name + " PTR web.marathon." + ZONE + ".", answer(name, Type.PTR));
    }

    @ParameterizedTest
    @CsvSource({
        "dclb.thisdcos.directory",
        "dclb.thisdcos.global",
        "l4lb.thisdcos.global",
        "l4lb.cluster7.dcos.directory",
        "L4LB.Thisdcos.Global"
    })
    void answersUnderSecondNames(String zone) {
        String lower = zone.toLowerCase(java.util.Locale.ROOT);
        assertEquals("NOERROR aa web.marathon." + zone + " A 11.0.0.1", answer("web.marathon." + zone, Type.A));
        String srv = answer("_80._tcp.web.marathon." + zone, Type.SRV);
        assertEquals("NOERROR aa _80._tcp.web.marathon." + zone + " SRV 1 1 80 web.marathon." + lower + ".", srv);
        Message missing = asker.ask("no.marathon." + zone, Type.A);
        assertEquals(Rcode.NXDOMAIN, missing.getRcode());
        assertTrue(
                Asker.records(missing, Section.AUTHORITY)
                        .get(0)
                        .toLowerCase(java.util.Locale.ROOT)
                        .startsWith(lower + " soa ns." + lower + ". hostmaster." + lower + ". 1 "),
                missing.toString());
        assertEquals(
                List.of("web.marathon." + lower + " A 11.0.0.1", "web.marathon." + lower + " AAAA fd01:c:0:0:0:0:0:1"),
                Asker.records(asker.ask("_80._tcp.web.marathon." + zone, Type.SRV), Section.ADDITIONAL).stream()
                        .map(text -> text.replace(zone, lower))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"web.thisdcos.global", "thisdcos.global", "l4lb.other.dcos.directory", "thisdcos.directory"})
    void refusesWhatNoSecondNameReaches(String name) {
        assertEquals("REFUSED", answer(name, Type.A));
    }

    @ParameterizedTest
    @CsvSource({
        "ready.spartan, NOERROR aa ready.spartan A 127.0.0.1",
        "localhost, NOERROR aa localhost A 127.0.0.1",
        "x.localhost, NOERROR aa x.localhost A 127.0.0.1",
        "x.spartan, NXDOMAIN aa"
    })
    void servesTheNamesOfTheMachine(String name, String expected) {
        assertEquals(expected, answer(name, Type.A));
    }
}
