package directory.thisdcos.l4lb.source.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user and password, RFC 7617. Its text shows neither. */
public record BasicLogin(String user, String password) {

    /** Reads {@code USER:PASSWORD}; only the user may be missing a colon. */
    public static BasicLogin ofUserInfo(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new BasicLogin(text, "")
                : new BasicLogin(text.substring(0, colon), text.substring(colon + 1));
    }

    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "BasicLogin[hidden]";
    }
}
