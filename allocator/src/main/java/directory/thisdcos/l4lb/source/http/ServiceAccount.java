package directory.thisdcos.l4lb.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A DC/OS service account, as the JSON file that {@code dcos security secrets create-sa-secret} stores: {@code uid},
 * {@code private_key} (PEM) and, if it is not the server itself, {@code login_endpoint}.
 *
 * @param loginEndpoint where to log in; empty for {@code /acs/api/v1/auth/login} of the server
 */
public record ServiceAccount(String uid, PrivateKey key, Optional<URI> loginEndpoint) {
    private static final long MAX_BYTES = 64 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the file; the exception's message names it and the fix, and shows nothing secret. */
    public static ServiceAccount read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(SecretFiles.read(file, MAX_BYTES));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("the service account file " + file + " is not JSON");
        }
        String uid = root.path("uid").asText("");
        String scheme = root.path("scheme").asText("RS256");
        if (uid.isEmpty() || !root.path("private_key").isTextual()) {
            throw new IOException("the service account file " + file + " must have the fields uid and private_key");
        }
        if (!scheme.equals("RS256")) {
            throw new IOException("the service account file " + file + ": only the scheme RS256 is known");
        }
        try {
            Optional<URI> endpoint = Optional.ofNullable(
                            root.path("login_endpoint").textValue())
                    .map(text -> ServerUrl.parse(text).base());
            return new ServiceAccount(uid, RsaKey.parse(root.path("private_key").asText()), endpoint);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the service account file " + file + ": its private_key is no RSA key in PEM form", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("the service account file " + file + ": login_endpoint: " + e.getMessage(), e);
        }
    }

    /** A login token: a JWT (RFC 7519) signed with RS256, which lasts for {@code validity}. */
    String loginToken(Instant now, Duration validity) {
        try {
            String content = encoded(Map.of("alg", "RS256", "typ", "JWT"))
                    + "."
                    + encoded(Map.of("uid", uid, "exp", now.plus(validity).getEpochSecond()));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot sign with this key", e);
        }
    }

    private static String encoded(Map<String, Object> fields) throws IOException {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(fields));
    }

    @Override
    public String toString() {
        return "service account " + uid;
    }
}
