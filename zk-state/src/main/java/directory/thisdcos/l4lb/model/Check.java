package directory.thisdcos.l4lb.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How each node finds out by itself whether a backend serves.
 *
 * @param kind what it asks
 * @param target the path for HTTP, the name for DNS, the text of the datagram for UDP; empty for the kind's default
 * @param intervalMillis between two checks of one backend, 100 to 3,600,000
 * @param timeoutMillis in which the answer must be there, 10 to the interval
 * @param rise successes in a row after which a backend that failed gets connections again, 1 to 100
 * @param fall failures in a row after which it gets none, 1 to 100
 */
public record Check(Kind kind, String target, int intervalMillis, int timeoutMillis, int rise, int fall) {

    static final int MIN_INTERVAL = 100;
    static final int MAX_INTERVAL = 3_600_000;
    static final int MIN_TIMEOUT = 10;
    static final int MAX_COUNT = 100;
    static final int DEFAULT_INTERVAL = 5_000;
    static final int DEFAULT_TIMEOUT = 2_000;
    static final int DEFAULT_RISE = 2;
    static final int DEFAULT_FALL = 3;

    /** What a check asks. */
    public enum Kind {
        /** Whether a connection is taken. */
        TCP(Protocol.TCP),
        /** Whether {@code GET} of a path is answered with 200 to 399. */
        HTTP(Protocol.TCP),
        /** The same over TLS, whoever the certificate is for. */
        HTTPS(Protocol.TCP),
        /** Whether a query for a name's addresses is answered with NOERROR or NXDOMAIN. */
        DNS(Protocol.UDP),
        /** Whether a datagram is answered; without a text, whether it is not refused. */
        UDP(Protocol.UDP);

        private final Protocol protocol;
        private final String text = name().toLowerCase(Locale.ROOT);

        Kind(Protocol protocol) {
            this.protocol = protocol;
        }

        /** Of the services that can be checked so. */
        public Protocol protocol() {
            return protocol;
        }

        public String text() {
            return text;
        }

        public static Optional<Kind> parse(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text.equalsIgnoreCase(text))
                    .findFirst();
        }
    }

    /**
     * @throws IllegalArgumentException a value is out of its range
     */
    public Check {
        within("the interval", intervalMillis, MIN_INTERVAL, MAX_INTERVAL);
        within("the timeout", timeoutMillis, MIN_TIMEOUT, intervalMillis);
        within("rise", rise, 1, MAX_COUNT);
        within("fall", fall, 1, MAX_COUNT);
    }

    private static void within(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " of a check is " + value + ", not within " + min + "-" + max);
        }
    }
}
