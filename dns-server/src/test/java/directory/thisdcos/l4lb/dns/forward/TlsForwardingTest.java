package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/** DNS over TLS to upstreams. */
class TlsForwardingTest {
    private static final String GOOD = "NOERROR " + HostileAnswers.TRUTH;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private TlsUpstream upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = TlsUpstream.start(folder);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void manyQuestionsShareOneConnectionAndArePadded() throws Exception {
        try (ForwardingBed bed = ForwardingBed.start(upstream.settings("dns.test", true))) {
            assertEquals(GOOD, bed.answer("first.example.org."));
            var clients = IntStream.range(0, 50)
                    .mapToObj(i -> {
                        try {
                            return bed.client()
                                    .sendAsync(ForwardingBed.query("n" + i + ".example.org.", Type.A))
                                    .toCompletableFuture();
                        } catch (java.io.IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
            clients.forEach(client -> assertEquals(GOOD, ForwardingBed.text(client.join())));
            assertEquals(1, upstream.connections());
            assertTrue(upstream.sizes().stream().allMatch(size -> size == 128), String.valueOf(upstream.sizes()));
        }
    }

    @Test
    void aCertificateMayBeForTheAddress() throws Exception {
        try (ForwardingBed bed = ForwardingBed.start(upstream.settings("", true))) {
            assertEquals(GOOD, bed.answer("any.example.org."));
        }
    }

    @Test
    void asksAgainWhenAConnectionWasClosed() throws Exception {
        upstream.setRepliesPerConnection(1);
        try (ForwardingBed bed = ForwardingBed.start(upstream.settings("dns.test", true))) {
            for (int i = 0; i < 10; i++) {
                assertEquals(GOOD, bed.answer("n" + i + ".example.org."));
            }
            assertTrue(upstream.connections() >= 10);
        }
    }

    @Test
    void nothingIsAskedOfAServerThatCannotProveWhoItIs() throws Exception {
        try (ForwardingBed wrongName = ForwardingBed.start(upstream.settings("other.test", true));
                ForwardingBed untrusted = ForwardingBed.start(upstream.settings("dns.test", false))) {
            assertEquals("SERVFAIL", wrongName.answer("any.example.org."));
            assertEquals("SERVFAIL", untrusted.answer("any.example.org."));
            assertEquals(List.of(), upstream.sizes());
            ForwardingBed.await("problem", () -> wrongName.hasProblem("upstream-down"));
        }
    }

    @Test
    void saysWhatIsWrongWithTheAuthority() throws Exception {
        Path none = folder.resolve("none.pem");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        for (Path file : List.of(none, empty)) {
            ForwardSettings settings =
                    ForwardSettings.parse(List.of("tls://127.0.0.1"), List.of(), Optional.of(file), 1 << 20);
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> ForwardingBed.start(settings));
            assertTrue(String.valueOf(error.getMessage()).contains("--upstream-ca " + file), error.getMessage());
        }
    }
}
