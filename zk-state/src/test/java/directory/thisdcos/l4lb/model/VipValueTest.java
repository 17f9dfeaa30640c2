package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VipValueTest {

    @ParameterizedTest
    @CsvSource({
        "/my-service:5555, marathon, my-service.marathon.l4lb.thisdcos.directory:5555",
        "my-service:5555, marathon, my-service.marathon.l4lb.thisdcos.directory:5555",
        "broker:9092, dev/kafka, broker.devkafka.l4lb.thisdcos.directory:9092",
        "3.3.0.6:3306, marathon, 3.3.0.6:3306",
        "fd01:c::1:80, marathon, fd01:c::1:80",
        "[fd01:c::1]:80, marathon, fd01:c::1:80",
        "invalid-port::1234, marathon, invalid-port.marathon.l4lb.thisdcos.directory:1234",
        "1.2.3:65535, m, 1.2.3.m.l4lb.thisdcos.directory:65535",
        "/x:007, m, x.m.l4lb.thisdcos.directory:7",
        "/x:*, m, x.m.l4lb.thisdcos.directory:0",
    })
    void givesATargetAndAPort(String value, String framework, String vip) throws InvalidVipException {
        VipValue parsed = VipValue.parse(value);
        assertEquals(vip, new ServiceKey(parsed.target(framework), Protocol.TCP, parsed.port()).vip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "missing-port",
                "/x:",
                "/x:0",
                "/x:65536",
                "/x:**",
                "/x:99999999999999999999",
                "/x:-1",
                "/x:+1",
                "/x: 80",
                "/x:8o",
                "/x:٣",
                "[1.2.3.4]:80",
                "[fd01::1:80",
                "[]:80",
                "[x]:80"
            })
    void refusesWithAReason(String value) {
        InvalidVipException e = assertThrows(
                InvalidVipException.class, () -> VipValue.parse(value).target("marathon"), value);
        assertTrue(String.valueOf(e.getMessage()).length() > 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {":80", "/:80", "//:80", "...:80", "ü:80", "-_-:80"})
    void refusesANameOfNothing(String value) throws InvalidVipException {
        VipValue parsed = VipValue.parse(value);
        assertThrows(InvalidVipException.class, () -> parsed.target("marathon"));
    }

    @Test
    void anAddressIsTheSameUnderEveryFramework() throws InvalidVipException {
        VipValue value = VipValue.parse("3.3.0.6:3306");
        assertEquals(value.target("marathon"), value.target(""));
    }
}
