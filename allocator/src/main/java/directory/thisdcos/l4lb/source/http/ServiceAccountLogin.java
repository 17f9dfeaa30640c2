package directory.thisdcos.l4lb.source.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login of a DC/OS service account: {@code POST /acs/api/v1/auth/login} gives a token, which is renewed when a
 * tenth of its time is left and when a server refuses it.
 */
public final class ServiceAccountLogin implements Authorization {
    private static final Logger log = LoggerFactory.getLogger(ServiceAccountLogin.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String PATH = "/acs/api/v1/auth/login";
    private static final Duration LOGIN_TOKEN_VALID = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final long MAX_BYTES = 64 << 10;

    /** DC/OS tokens last for five days; this if one does not say. */
    private static final Duration UNKNOWN_VALIDITY = Duration.ofHours(1);

    private final ServiceAccount account;
    private final ServerGroup logins;
    private final String path;
    private final InstantSource clock;
    private String header = "";
    private Instant renewAt = Instant.MIN;

    /** @param urls the servers; the login is at their root unless the account names another place */
    public ServiceAccountLogin(
            ServiceAccount account, HttpTransport transport, List<ServerUrl> urls, InstantSource clock) {
        this.account = account;
        this.clock = clock;
        this.path = account.loginEndpoint()
                .map(URI::getRawPath)
                .filter(own -> !own.isEmpty())
                .orElse(PATH);
        List<URI> servers = account.loginEndpoint()
                .map(List::of)
                .orElseGet(() -> urls.stream().map(ServerUrl::base).toList());
        this.logins = new ServerGroup(
                transport,
                servers.stream()
                        .map(uri -> ServerUrl.parse(uri.getScheme() + "://" + uri.getRawAuthority()))
                        .distinct()
                        .toList(),
                Authorization.NONE);
    }

    @Override
    public synchronized Optional<String> header() throws HttpFailure {
        if (!clock.instant().isBefore(renewAt)) {
            try {
                login();
            } catch (HttpFailure e) {
                if (header.isEmpty()) {
                    throw e;
                }
                // The old one is still good for a tenth of its time, and a server says when it is not.
                log.warn("{}: cannot renew the token: {}", account, e.getMessage());
                renewAt = clock.instant().plus(WITHIN);
            }
        }
        return Optional.of(header);
    }

    @Override
    public synchronized boolean renewed(String refused) throws HttpFailure {
        if (refused.equals(header)) {
            login();
        }
        return !header.equals(refused);
    }

    private void login() throws HttpFailure {
        Instant now = clock.instant();
        HttpCall call = new HttpCall(
                "POST",
                path,
                Map.of("Accept", "application/json"),
                Optional.of(request(now)),
                WITHIN,
                Optional.of(WITHIN),
                MAX_BYTES);
        try (HttpAnswer answer = logins.call(call)) {
            String token = JSON.readTree(answer.body()).path("token").asText("");
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new HttpFailure(HttpFailure.Reason.LOGIN, account + ": the login answered without a token");
            }
            header = "token=" + token;
            Duration validity = validity(token, now);
            renewAt = now.plus(validity.multipliedBy(9).dividedBy(10));
            log.info("logged in as {}, valid for {}", account, validity);
        } catch (HttpFailure e) {
            throw e.reason() == HttpFailure.Reason.LOGIN
                    ? e
                    : new HttpFailure(HttpFailure.Reason.LOGIN, account + " cannot log in: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HttpFailure(HttpFailure.Reason.LOGIN, account + ": the login did not answer with JSON");
        }
    }

    private String request(Instant now) {
        try {
            return JSON.writeValueAsString(
                    Map.of("uid", account.uid(), "token", account.loginToken(now, LOGIN_TOKEN_VALID)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is left of a JWT's time by its {@code exp}, RFC 7519 section 4.1.4. */
    private static Duration validity(String token, Instant now) {
        String[] parts = token.split("\\.", -1);
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
            Duration left = Duration.between(
                    now, Instant.ofEpochSecond(claims.path("exp").asLong(0)));
            return left.isNegative() || left.isZero() ? UNKNOWN_VALIDITY : left;
        } catch (IOException | IllegalArgumentException e) {
            return UNKNOWN_VALIDITY;
        }
    }

    @Override
    public String toString() {
        return account.toString();
    }
}
