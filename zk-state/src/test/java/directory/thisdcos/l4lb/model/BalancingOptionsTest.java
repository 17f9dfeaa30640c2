package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalancingOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCHEDULER | SH | sh",
                "FLAGS | sh-port | fallback,port",
                "FLAGS | mh-fallback | fallback",
                "FLAGS | port,fallback | fallback,port",
                "METHOD | Direct | direct",
                "PERSISTENCE | 5m | 300",
                "PERSISTENCE | 90 | 90",
                "PERSISTENCE | 31d | 2678400",
                "ONE_PACKET | TRUE | true",
                "UPPER_THRESHOLD | 0100 | 100",
                "FWMARK | 017 | 17",
                "FWMARK | 2147483647 | 2147483647",
                "CHECK | HTTP | http",
                "CHECK | None | none",
                "CHECK_TARGET | /health?a=b | /health?a=b",
                "CHECK_INTERVAL | 5s | 5000",
                "CHECK_INTERVAL | 500ms | 500",
                "CHECK_TIMEOUT | 10 | 10",
                "CHECK_FALL | 03 | 3",
                "SLOW_START | 2m | 120",
                "LOCALITY | Zone | zone"
            })
    void aValueHasOneText(BalancingOption option, String value, String canonical) {
        assertEquals(canonical, option.canonical(value));
        BalancingOptions options = new BalancingOptions(java.util.Map.of(option, value));
        assertEquals(options, BalancingOptions.parse(options.text()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCHEDULER | fastest | twos",
                "FLAGS | port,sticky | fallback nor port",
                "METHOD | snat | ipip",
                "TUNNEL_PORT | 0 | 1-65535",
                "TUNNEL_PORT | 70000 | 1-65535",
                "PERSISTENCE | 32d | 2678400",
                "PERSISTENCE | -1 | 300",
                "ONE_PACKET | yes | true",
                "UPPER_THRESHOLD | 2147483648 | 2147483647",
                "LOWER_THRESHOLD | -1 | 2147483647",
                "FWMARK | 0 | 1-2147483647",
                "FWMARK | 2147483648 | 1-2147483647",
                "FWMARK | 1815374946 | another",
                "CHECK | ping | https",
                "CHECK_TARGET | a b | blanks",
                "CHECK_INTERVAL | 99ms | 100-3600000",
                "CHECK_TIMEOUT | 9 | 10-3600000",
                "CHECK_RISE | 0 | 1-100",
                "SLOW_START | 2h | 3600",
                "LOCALITY | moon | rack"
            })
    void aWrongValueIsRefusedWithTheFix(BalancingOption option, String value, String fix) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> option.canonical(value))
                .getMessage());
        assertEquals(true, message.contains(fix) && message.contains(value), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // own | defaults | protocol | what comes of it | what is ignored
                "- | - | TCP | wlc true nat 0 0 false 0 0 | -",
                "scheduler=sh flags=fallback | - | TCP | sh false nat 0 0 false 0 0 | -",
                "- | scheduler=mh flags=fallback | TCP | mh false nat 0 0 false 0 0 | -",
                "scheduler=rr | scheduler=mh flags=fallback | TCP | rr true nat 0 0 false 0 0 | -",
                "flags=port | - | TCP | wlc true nat 0 0 false 0 0 | flags",
                "method=gue | - | TCP | wlc true gue 6080 0 false 0 0 | -",
                "method=gue tunnelPort=7 | - | TCP | wlc true gue 7 0 false 0 0 | -",
                "tunnelPort=7 | - | TCP | wlc true nat 0 0 false 0 0 | tunnelPort",
                "onePacket=true | - | UDP | wlc true nat 0 0 true 0 0 | -",
                "onePacket=true | - | TCP | wlc true nat 0 0 false 0 0 | onePacket",
                "onePacket=true persistenceSeconds=60 | - | UDP | wlc true nat 0 60 false 0 0 | onePacket",
                "onePacket=true | persistenceSeconds=60 | UDP | wlc true nat 0 0 true 0 0 | -",
                "persistenceSeconds=60 | onePacket=true | UDP | wlc true nat 0 60 false 0 0 | -",
                "- | onePacket=true | TCP | wlc true nat 0 0 false 0 0 | -",
                "upperThreshold=9 lowerThreshold=5 | - | TCP | wlc true nat 0 0 false 9 5 | -",
                "lowerThreshold=5 | - | TCP | wlc true nat 0 0 false 0 0 | lowerThreshold",
                "upperThreshold=9 lowerThreshold=10 | - | TCP | wlc true nat 0 0 false 9 0 | lowerThreshold",
                "future=1 scheduler=sh method=teleport | - | TCP | sh true nat 0 0 false 0 0 | -"
            })
    void whatDoesNotGoTogetherCostsOnlyItself(
            String own, String defaults, Protocol protocol, String expected, String ignored) {
        List<String> faults = new ArrayList<>();
        Balancing balancing = options(own).over(options(defaults), protocol, faults);
        assertEquals(
                expected,
                String.join(
                        " ",
                        balancing.scheduler().text(),
                        Boolean.toString(balancing.hashPort()),
                        balancing.method().text(),
                        Integer.toString(balancing.tunnelPort()),
                        Integer.toString(balancing.persistenceSeconds()),
                        Boolean.toString(balancing.onePacket()),
                        Integer.toString(balancing.upperThreshold()),
                        Integer.toString(balancing.lowerThreshold())));
        assertEquals(ignored == null ? 0 : 1, faults.size(), faults::toString);
        assertEquals(true, ignored == null || faults.get(0).startsWith(ignored + " "), faults::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            emptyValue = "",
            value = {
                // own | defaults | protocol | what comes of it | what is ignored
                "- | - | TCP | - | -",
                "check=tcp | - | TCP | check=tcp checkIntervalMillis=5000 checkTimeoutMillis=2000 checkRise=2 checkFall=3 | -",
                "check=tcp | - | UDP | - | check",
                "- | check=tcp | UDP | - | -",
                "check=none | check=tcp locality=zone | TCP | locality=zone | -",
                "check=http checkTarget=/a checkIntervalMillis=1000 | - | TCP | check=http checkTarget=/a checkIntervalMillis=1000 checkTimeoutMillis=1000 checkRise=2 checkFall=3 | -",
                "check=udp checkTimeoutMillis=9000 | - | UDP | check=udp checkIntervalMillis=5000 checkTimeoutMillis=5000 checkRise=2 checkFall=3 | checkTimeoutMillis",
                "checkFall=7 | - | TCP | - | checkFall",
                "- | checkFall=7 | TCP | - | -",
                "check=tcp | checkFall=7 | TCP | check=tcp checkIntervalMillis=5000 checkTimeoutMillis=2000 checkRise=2 checkFall=7 | -",
                "slowStartSeconds=30 locality=node | - | TCP | slowStartSeconds=30 locality=node | -"
            })
    void whatANodeDoesByItself(String own, String defaults, Protocol protocol, String expected, String ignored) {
        List<String> faults = new ArrayList<>();
        Care care = options(own).over(options(defaults), protocol, faults).care();
        assertEquals(expected == null ? "" : expected, care.text());
        assertEquals(care, Care.parse(care.text()));
        assertEquals(ignored == null ? 0 : 1, faults.size(), faults::toString);
        assertEquals(true, ignored == null || faults.get(0).startsWith(ignored + " "), faults::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // own | defaults | seconds of persistence | what is ignored
                "- | - | 300 | -",
                "scheduler=rr | persistenceSeconds=60 | 60 | -",
                "persistenceSeconds=5 | - | 5 | -",
                "persistenceSeconds=0 | - | 300 | persistenceSeconds",
                "onePacket=true | - | 300 | onePacket",
                "- | onePacket=true | 300 | -"
            })
    void allPortsNeedPersistence(String own, String defaults, int seconds, String ignored) {
        List<String> faults = new ArrayList<>();
        ServiceKey key = new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.UDP, ServiceKey.ALL_PORTS);
        Balancing balancing = options(own).over(options(defaults), key, faults);
        assertEquals(seconds, balancing.persistenceSeconds());
        assertEquals(false, balancing.onePacket());
        assertEquals(ignored == null ? 0 : 1, faults.size(), faults::toString);
        assertEquals(true, ignored == null || faults.get(0).startsWith(ignored + " "), faults::toString);
    }

    private static BalancingOptions options(String text) {
        return text == null ? BalancingOptions.NONE : BalancingOptions.parse(text);
    }

    @Test
    void theFirstOfTwoDeclarationsCounts() {
        Origin one = new Origin("s", "marathon", "/a", "x:80").with(options("scheduler=sh upperThreshold=5"));
        Origin other = new Origin("s", "marathon", "/b", "x:80").with(options("scheduler=rr persistenceSeconds=60"));
        List<String> faults = new ArrayList<>();
        assertEquals(
                "scheduler=sh persistenceSeconds=60 upperThreshold=5",
                BalancingOptions.of(List.of(one, other), faults).text());
        assertEquals(List.of("scheduler is sh for /a and rr for /b; the first counts; give both the same"), faults);
    }
}
