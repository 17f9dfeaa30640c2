package directory.thisdcos.l4lb.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a declaration says of how its service is balanced; for what it leaves open, a default counts. Immutable.
 *
 * @param values in the order of the options, each as {@link BalancingOption#canonical} writes it
 */
public record BalancingOptions(Map<BalancingOption, String> values) {

    public static final BalancingOptions NONE = new BalancingOptions(Map.of());

    /** In seconds; ipvsadm's default. */
    private static final int ALL_PORTS_PERSISTENCE = 300;

    /**
     * @throws IllegalArgumentException a value is none of its option
     */
    public BalancingOptions {
        EnumMap<BalancingOption, String> sorted = new EnumMap<>(BalancingOption.class);
        values.forEach((option, value) -> sorted.put(option, option.canonical(value)));
        values = Collections.unmodifiableMap(sorted);
    }

    /** Such as {@code scheduler=sh persistenceSeconds=300}; empty for none. */
    public String text() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().field() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Reads {@link #text}. What a later release may have written is left out: an option, or a value of one. */
    public static BalancingOptions parse(String text) {
        EnumMap<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        for (String part : text.split(" ", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                String value = part.substring(equals + 1);
                BalancingOption.parse(part.substring(0, equals))
                        .filter(option -> option.takes(value))
                        .ifPresent(option -> values.put(option, value));
            }
        }
        return new BalancingOptions(values);
    }

    /**
     * What several declarations say of one service together: of each option, the first one's word.
     *
     * @param origins in order
     * @param faults gets a line for each option on which they differ
     */
    public static BalancingOptions of(Collection<Origin> origins, List<String> faults) {
        EnumMap<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        EnumMap<BalancingOption, Origin> speakers = new EnumMap<>(BalancingOption.class);
        for (Origin origin : origins) {
            if (!origin.options().isEmpty()) {
                parse(origin.options()).values.forEach((option, value) -> {
                    String first = values.putIfAbsent(option, value);
                    Origin speaker = speakers.putIfAbsent(option, origin);
                    if (first != null && speaker != null && !first.equals(value)) {
                        faults.add(option.field() + " is " + first + " for " + speaker.owner() + " and " + value
                                + " for " + origin.owner() + "; the first counts; give both the same");
                    }
                });
            }
        }
        return values.isEmpty() ? NONE : new BalancingOptions(values);
    }

    /**
     * The balancing of a service.
     *
     * @param faults gets a line for each option that cannot be had together with another, and is left out
     */
    public Balancing over(BalancingOptions defaults, ServiceKey key, List<String> faults) {
        Balancing balancing = over(defaults, key.protocol(), faults);
        return key.hasAllPorts() ? forAllPorts(balancing, faults) : balancing;
    }

    /** The kernel serves all ports to clients that stay with their backend only (ip_vs_core.c: ip_vs_schedule). */
    private Balancing forAllPorts(Balancing unmarked, List<String> faults) {
        if (unmarked.fwmark() != 0) {
            faults.add(
                    BalancingOption.FWMARK.field()
                            + " is for single ports: give each port of the name the same one instead of all ports; it is ignored");
        }
        Balancing balancing = unmarked.withFwmark(0);
        if (balancing.persistenceSeconds() > 0) {
            return balancing;
        }
        for (BalancingOption option : List.of(BalancingOption.PERSISTENCE, BalancingOption.ONE_PACKET)) {
            String value = values.getOrDefault(option, "");
            if (value.equals("0") || value.equals("true")) {
                faults.add(
                        option.field() + " cannot be " + value + " for all ports: clients stay with their backend for "
                                + ALL_PORTS_PERSISTENCE + " s; give persistenceSeconds of at least 1");
            }
        }
        return balancing.withOnePacket(false).withPersistence(ALL_PORTS_PERSISTENCE);
    }

    /** The balancing of a service for one port. */
    public Balancing over(BalancingOptions defaults, Protocol protocol, List<String> faults) {
        return values.isEmpty() && defaults.values.isEmpty()
                ? Balancing.DEFAULT
                : new BalancingDraft(this, defaults).balancing(protocol, faults);
    }
}
