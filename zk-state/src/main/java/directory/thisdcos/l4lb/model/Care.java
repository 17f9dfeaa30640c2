package directory.thisdcos.l4lb.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each node does by itself about the weights of a service's backends; everything is off by default.
 *
 * @param check how it looks whether they serve
 * @param slowStartSeconds how long a backend that began to serve takes to its full share, up to an hour; 0 for not at all
 * @param locality which it prefers
 */
public record Care(Optional<Check> check, int slowStartSeconds, Locality locality) {

    public static final Care NONE = new Care(Optional.empty(), 0, Locality.NONE);

    static final int MAX_SLOW_START = 3_600;

    public Care {
        if (slowStartSeconds < 0 || slowStartSeconds > MAX_SLOW_START) {
            throw new IllegalArgumentException(
                    "a slow start of " + slowStartSeconds + " s is not within 0-" + MAX_SLOW_START);
        }
    }

    /** With the options' names, such as {@code check=tcp checkIntervalMillis=5000 … locality=zone}; empty for none. */
    public String text() {
        Map<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        check.ifPresent(of -> {
            values.put(BalancingOption.CHECK, of.kind().text());
            if (!of.target().isEmpty()) {
                values.put(BalancingOption.CHECK_TARGET, of.target());
            }
            values.put(BalancingOption.CHECK_INTERVAL, Integer.toString(of.intervalMillis()));
            values.put(BalancingOption.CHECK_TIMEOUT, Integer.toString(of.timeoutMillis()));
            values.put(BalancingOption.CHECK_RISE, Integer.toString(of.rise()));
            values.put(BalancingOption.CHECK_FALL, Integer.toString(of.fall()));
        });
        if (slowStartSeconds != 0) {
            values.put(BalancingOption.SLOW_START, Integer.toString(slowStartSeconds));
        }
        if (locality != Locality.NONE) {
            values.put(BalancingOption.LOCALITY, locality.text());
        }
        return new BalancingOptions(values).text();
    }

    /** Reads {@link #text}; what a later release may have written is left out. */
    public static Care parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        Map<BalancingOption, String> values = BalancingOptions.parse(text).values();
        Optional<Check> check = Optional.ofNullable(values.get(BalancingOption.CHECK))
                .flatMap(Check.Kind::parse)
                .map(kind -> {
                    int interval = number(values, BalancingOption.CHECK_INTERVAL, Check.DEFAULT_INTERVAL);
                    return new Check(
                            kind,
                            values.getOrDefault(BalancingOption.CHECK_TARGET, ""),
                            interval,
                            Math.min(number(values, BalancingOption.CHECK_TIMEOUT, Check.DEFAULT_TIMEOUT), interval),
                            number(values, BalancingOption.CHECK_RISE, Check.DEFAULT_RISE),
                            number(values, BalancingOption.CHECK_FALL, Check.DEFAULT_FALL));
                });
        return new Care(
                check,
                number(values, BalancingOption.SLOW_START, 0),
                Optional.ofNullable(values.get(BalancingOption.LOCALITY))
                        .flatMap(Locality::parse)
                        .orElse(Locality.NONE));
    }

    private static int number(Map<BalancingOption, String> values, BalancingOption option, int otherwise) {
        return Optional.ofNullable(values.get(option)).map(Integer::parseInt).orElse(otherwise);
    }
}
