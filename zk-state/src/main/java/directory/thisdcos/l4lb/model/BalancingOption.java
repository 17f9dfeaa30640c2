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
    LOWER_THRESHOLD("lowerThreshold");

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
            case PERSISTENCE -> seconds(text);
            case ONE_PACKET -> truth(text);
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

    private static String seconds(String text) {
        Matcher matcher = SECONDS.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long unit = switch (matcher.group(2)) {
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
            long seconds = Long.parseLong(matcher.group(1)) * unit;
            if (seconds <= Balancing.MAX_PERSISTENCE_SECONDS) {
                return Long.toString(seconds);
            }
        }
        throw wrong(text, "is no time within 0-" + Balancing.MAX_PERSISTENCE_SECONDS + " s; write 300, 90s, 5m or 2h");
    }

    private static IllegalArgumentException wrong(String text, String reason) {
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
        return new IllegalArgumentException("'" + shown + "' " + reason);
    }
}
