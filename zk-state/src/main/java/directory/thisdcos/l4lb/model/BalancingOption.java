package directory.thisdcos.l4lb.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One thing that a declaration may say of how its service is balanced. */
public enum BalancingOption {
    /** A {@link Scheduler}. */
    SCHEDULER("scheduler"),
    /**
     * Flags of sh and mh, with commas: {@code port} hashes the client's port too; {@code fallback} is always on. Without
     * this option both are.
     */
    FLAGS("flags"),
    /** A {@link ForwardingMethod}. */
    METHOD("method"),
    /** UDP port of a GUE tunnel. */
    TUNNEL_PORT("tunnelPort"),
    /** How long a client stays with its backend: seconds, or {@code 90s}, {@code 5m}, {@code 2h}, {@code 1d}; 0 is off. */
    PERSISTENCE("persistenceSeconds"),
    /** {@code true} schedules each datagram by itself. */
    ONE_PACKET("onePacket"),
    /** Connections at which a backend gets no more; 0 for no limit. */
    UPPER_THRESHOLD("upperThreshold"),
    /** Connections below which a full backend gets some again. */
    LOWER_THRESHOLD("lowerThreshold"),
    /** A firewall mark, see {@link Balancing#fwmark}; each belongs to one name, so there is no default. */
    FWMARK("fwmark"),
    /** A {@link Check.Kind}, or {@code none}. */
    CHECK("check"),
    /** What a check asks for: the path of HTTP, the name of DNS, the text of a datagram. */
    CHECK_TARGET("checkTarget"),
    /** Between two checks: milliseconds, or {@code 500ms}, {@code 5s}, {@code 1m}. */
    CHECK_INTERVAL("checkIntervalMillis"),
    /** In which the answer must be there; at most the interval. */
    CHECK_TIMEOUT("checkTimeoutMillis"),
    /** Successes in a row after which a backend gets connections again. */
    CHECK_RISE("checkRise"),
    /** Failures in a row after which it gets none. */
    CHECK_FALL("checkFall"),
    /** How long a new backend takes to its full share; as {@link #PERSISTENCE}. */
    SLOW_START("slowStartSeconds"),
    /** A {@link Locality}. */
    LOCALITY("locality");

    private static final Pattern MILLIS = Pattern.compile("([0-9]{1,9})(ms|s|m|)");
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,9})([smhd]?)");

    private final String field;

    BalancingOption(String field) {
        this.field = field;
    }

    /** Its name in the API: {@code upperThreshold}. */
    public String field() {
        return field;
    }

    /** Its name in labels: {@code UPPER_THRESHOLD}. */
    public String label() {
        return name();
    }

    /** The option with this name, as the API or as labels write it, in any case. */
    public static Optional<BalancingOption> parse(String text) {
        return Arrays.stream(values())
                .filter(option ->
                        option.field.equalsIgnoreCase(text) || option.name().equalsIgnoreCase(text))
                .findFirst();
    }

    /**
     * The one way in which a value is written.
     *
     * @throws IllegalArgumentException it is none of this option; the message names the good ones
     */
    public String canonical(String value) {
        String text = value.strip();
        return switch (this) {
            case SCHEDULER -> scheduler(text);
            case FLAGS -> flags(text);
            case METHOD -> method(text);
            case TUNNEL_PORT -> number(text, 1, 65535);
            case PERSISTENCE -> seconds(text, Balancing.MAX_PERSISTENCE_SECONDS);
            case SLOW_START -> seconds(text, Care.MAX_SLOW_START);
            case CHECK -> check(text);
            case CHECK_TARGET -> target(text);
            case CHECK_INTERVAL -> millis(text, Check.MIN_INTERVAL);
            case CHECK_TIMEOUT -> millis(text, Check.MIN_TIMEOUT);
            case CHECK_RISE, CHECK_FALL -> number(text, 1, Check.MAX_COUNT);
            case LOCALITY ->
                Locality.parse(text)
                        .map(Locality::text)
                        .orElseThrow(
                                () -> wrong(text, "is no locality; give " + texts(Locality.values(), Locality::text)));
            case ONE_PACKET -> truth(text);
            case FWMARK -> fwmark(text);
            case UPPER_THRESHOLD, LOWER_THRESHOLD -> number(text, 0, Integer.MAX_VALUE);
        };
    }

    boolean takes(String value) {
        try {
            return !canonical(value).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String scheduler(String text) {
        return Scheduler.parse(text)
                .map(Scheduler::text)
                .orElseThrow(() -> wrong(text, "is no scheduler; give " + texts(Scheduler.values(), Scheduler::text)));
    }

    private static String method(String text) {
        return ForwardingMethod.parse(text)
                .map(ForwardingMethod::text)
                .orElseThrow(() -> wrong(
                        text,
                        "is no forwarding method; give " + texts(ForwardingMethod.values(), ForwardingMethod::text)));
    }

    private static <T> String texts(T[] values, Function<T, String> text) {
        return Arrays.stream(values).map(text).collect(Collectors.joining(", "));
    }

    /** As ipvsadm writes them too: {@code sh-fallback,sh-port}. */
    private static String flags(String text) {
        Set<String> flags = new LinkedHashSet<>(List.of("fallback"));
        for (String part : text.split(",", -1)) {
            String flag = part.strip().toLowerCase(Locale.ROOT).replaceFirst("^[sm]h-", "");
            if (!flag.isEmpty() && !flag.equals("fallback") && !flag.equals("port")) {
                throw wrong(text, "has a flag that is neither fallback nor port");
            }
            if (!flag.isEmpty()) {
                flags.add(flag);
            }
        }
        return String.join(",", flags);
    }

    private static String truth(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.equals("true") && !lower.equals("false")) {
            throw wrong(text, "is neither true nor false");
        }
        return lower;
    }

    private static String number(String text, int min, int max) {
        long value = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
        if (value < min || value > max) {
            throw wrong(text, "is no whole number within " + min + "-" + max);
        }
        return Long.toString(value);
    }

    private static String fwmark(String text) {
        String mark = number(text, 1, Integer.MAX_VALUE);
        if (mark.equals(Integer.toString(Balancing.RESERVED_FWMARK))) {
            throw wrong(text, "is the mark of l4lb itself; give another");
        }
        return mark;
    }

    private static String check(String text) {
        return text.equalsIgnoreCase("none")
                ? "none"
                : Check.Kind.parse(text)
                        .map(Check.Kind::text)
                        .orElseThrow(() ->
                                wrong(text, "is no check; give none, " + texts(Check.Kind.values(), Check.Kind::text)));
    }

    private static String target(String text) {
        if (!text.matches("[!-~]{1,255}")) {
            throw wrong(text, "is no target of a check; give up to 255 visible ASCII characters without blanks");
        }
        return text;
    }

    private static String millis(String text, int min) {
        Matcher matcher = MILLIS.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long unit = switch (matcher.group(2)) {
                case "s" -> 1_000;
                case "m" -> 60_000;
                default -> 1;
            };
            long millis = Long.parseLong(matcher.group(1)) * unit;
            if (millis >= min && millis <= Check.MAX_INTERVAL) {
                return Long.toString(millis);
            }
        }
        throw wrong(text, "is no time within " + min + "-" + Check.MAX_INTERVAL + " ms; write 500, 500ms, 5s or 1m");
    }

    private static String seconds(String text, int max) {
        Matcher matcher = SECONDS.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long unit = switch (matcher.group(2)) {
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
            long seconds = Long.parseLong(matcher.group(1)) * unit;
            if (seconds <= max) {
                return Long.toString(seconds);
            }
        }
        throw wrong(text, "is no time within 0-" + max + " s; write 300, 90s, 5m or 2h");
    }

    private static IllegalArgumentException wrong(String text, String reason) {
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
        return new IllegalArgumentException("'" + shown + "' " + reason);
    }
}
