package directory.thisdcos.l4lb.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://marathon.mesos:8080, http://marathon.mesos:8080",
        "HTTPS://M1/marathon/, https://m1/marathon",
        "http://[fd01::1]:8080/, http://[fd01::1]:8080",
        "' http://a:1 ', http://a:1",
        "https://bob:s3cret@leader/service/marathon, https://leader/service/marathon"
    })
    void textShowsNoUser(String text, String shown) {
        assertEquals(shown, ServerUrl.parse(text).toString());
    }

    @Test
    void userAndPasswordAreDecoded() {
        assertEquals(
                "Basic Ym9iOnA6QHg=",
                ServerUrl.parse("http://bob:p%3A%40x@m:8080")
                        .login()
                        .orElseThrow()
                        .header());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m1:8080",
                "ftp://bob:s3cret@m1",
                "http://",
                "http://bob:s3cret@a b/",
                "http://bob:s3cret@m1/?x=1",
                "bob:s3cret@m1",
                "http://m_1:80",
                ""
            })
    void whatIsNoUrlIsSaidWithoutThePassword(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ServerUrl.parse(text))
                .toString();
        assertFalse(message.contains("s3cret"), message);
    }

    @Test
    void severalOfOneCluster() {
        assertEquals(
                List.of("http://a:1", "http://b:2"),
                ServerUrl.parseList("http://a:1,http://b:2, http://a:1/").stream()
                        .map(ServerUrl::toString)
                        .toList());
        assertThrows(IllegalArgumentException.class, () -> ServerUrl.parseList("http://a:1,"));
    }

    @ParameterizedTest
    @CsvSource({
        "//10.0.0.2:5050/api/v1, http://10.0.0.2:5050/api/v1",
        "http://u:p@b:80/v2/events?x=1#f, http://b:80/v2/events?x=1",
        "/other, http://a:8080/other",
        "https://b/x, https://b/x"
    })
    void redirectsAreResolved(String location, String expected) throws HttpFailure {
        assertEquals(URI.create(expected), ServerGroup.target(URI.create("http://a:8080/v2/events"), location));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://", "ftp://a/", "http://a b/", "mailto:x"})
    void redirectsElsewhereAreRefused(String location) {
        assertThrows(HttpFailure.class, () -> ServerGroup.target(URI.create("http://a:8080/v2/events"), location));
    }
}
