package directory.thisdcos.l4lb.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.source.HostAddresses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServiceAccountLoginTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final KeyPair keys = keys();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final AtomicInteger logins = new AtomicInteger();
    private Path file = Path.of("");

    @BeforeEach
    void writeAccount() throws IOException {
        file = account(pem("PRIVATE KEY", keys.getPrivate().getEncoded()), Map.of());
    }

    @Test
    void logsInOnceAndAgainBeforeTheTokenEnds() throws Exception {
        try (ReplayServer server = dcos("never");
                HttpTransport transport = transport()) {
            ServerGroup group = group(server, transport);
            assertEquals("token=" + jwt(1), text(group));
            assertEquals("token=" + jwt(1), text(group));
            now = now.plus(Duration.ofMinutes(53));
            assertEquals("token=" + jwt(1), text(group));
            now = now.plus(Duration.ofMinutes(2));
            assertEquals("token=" + jwt(2), text(group));
            assertEquals(2, logins.get());
        }
    }

    @Test
    void logsInAgainWhenTheTokenIsRefused() throws Exception {
        try (ReplayServer server = dcos("token=" + jwt(1));
                HttpTransport transport = transport()) {
            assertEquals("token=" + jwt(2), text(group(server, transport)));
        }
    }

    @Test
    void aFailingLoginIsSaidWithoutTheKey() throws Exception {
        try (ReplayServer server = new ReplayServer((request, reply) -> reply.send(401, "no"));
                HttpTransport transport = transport()) {
            HttpFailure failure = assertThrows(HttpFailure.class, () -> text(group(server, transport)));
            assertEquals(HttpFailure.Reason.LOGIN, failure.reason());
            assertTrue(String.valueOf(failure.getMessage()).contains("service account l4lb"), failure.toString());
        }
    }

    @Test
    void bothFormsOfPemAreRead() throws IOException {
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        // RFC 5208: the PKCS#1 key is the content of the last element, after 26 octets of head.
        Path pkcs1 = account(pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length)), Map.of());
        assertEquals(ServiceAccount.read(file).key(), ServiceAccount.read(pkcs1).key());
    }

    @Test
    void filesThatAreNoAccountsAreNamed() throws IOException {
        for (String text : List.of("x", "{}", "{\"uid\":\"a\",\"private_key\":\"s3cret\"}", "[]")) {
            Path bad = Files.writeString(folder.resolve("bad.json"), text);
            IOException failure = assertThrows(IOException.class, () -> ServiceAccount.read(bad));
            assertTrue(String.valueOf(failure.getMessage()).contains(bad.toString()), failure.toString());
            assertFalse(String.valueOf(failure.getMessage()).contains("s3cret"), failure.toString());
        }
        Path ssh = account(pem("PRIVATE KEY", new byte[] {1, 2, 3}), Map.of("login_endpoint", "leader.mesos"));
        assertThrows(IOException.class, () -> ServiceAccount.read(ssh));
    }

    /** Accepts every token of its own but {@code refused}, and checks the signature of who logs in. */
    private ReplayServer dcos(String refused) throws IOException {
        return new ReplayServer((request, reply) -> {
            if (request.path().equals("/acs/api/v1/auth/login")) {
                JsonNode body = JSON.readTree(request.body());
                assertEquals("l4lb", body.get("uid").asText());
                reply.send(
                        isSigned(body.get("token").asText()) ? 200 : 401,
                        "{\"token\":\"" + jwt(logins.incrementAndGet()) + "\"}");
            } else {
                String header = request.header("authorization");
                reply.send(header.startsWith("token=") && !header.equals(refused) ? 200 : 401, header);
            }
        });
    }

    private boolean isSigned(String token) {
        int dot = token.lastIndexOf('.');
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(keys.getPublic());
            signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
            return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)))
                    && claims.get("uid").asText().equals("l4lb")
                    && claims.get("exp").asLong() > now.getEpochSecond();
        } catch (java.security.GeneralSecurityException | IOException e) {
            return false;
        }
    }

    /** A token of DC/OS that is valid for an hour from the beginning of its turn on. */
    private static String jwt(int turn) {
        long end = Instant.parse("2026-01-01T00:00:00Z")
                .plus(Duration.ofHours(turn))
                .getEpochSecond();
        String claims =
                Base64.getUrlEncoder().encodeToString(("{\"exp\":" + end + "}").getBytes(StandardCharsets.UTF_8));
        return "e30." + claims + ".sig" + turn;
    }

    private ServerGroup group(ReplayServer server, HttpTransport transport) throws IOException {
        List<ServerUrl> urls = ServerUrl.parseList(server.url() + "/service/marathon");
        return new ServerGroup(
                transport, urls, new ServiceAccountLogin(ServiceAccount.read(file), transport, urls, () -> now));
    }

    private static String text(ServerGroup group) throws IOException {
        try (HttpAnswer answer = group.call(HttpCall.getJson("/v2/info", WITHIN, WITHIN, 10_000))) {
            return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path account(String pem, Map<String, String> more) throws IOException {
        Map<String, String> fields = new java.util.TreeMap<>(more);
        fields.put("uid", "l4lb");
        fields.put("private_key", pem);
        fields.put("scheme", "RS256");
        return Files.write(Files.createTempFile(folder, "account", ".json"), JSON.writeValueAsBytes(fields));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private static HttpTransport transport() throws IOException {
        return new HttpTransport(new HostAddresses(host -> List.of(), InstantSource.system()), Optional.empty());
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
