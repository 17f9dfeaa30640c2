package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.BalancingOption;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The labels of one port, sorted into those that ask for a VIP and their options.
 *
 * <pre>
 *   VIP_0            /web:80
 *   VIP_0_SCHEDULER  sh            an option: there is a label VIP_0, and the value has no colon
 *   VIP_0_WEIGHT     10
 * </pre>
 *
 * A key that only looks like an option's ({@code VIP_SCHEDULER: /scheduler:80}) asks for a VIP, as it always did. An
 * option that is wrong costs only itself.
 */
public final class VipLabels {
    /** Problem kind of an option that is not used because of its name or value. */
    public static final String INVALID_OPTION = "invalid-option";

    private static final String WEIGHT = "WEIGHT";
    private static final int MAX_WEIGHT = 65_535;
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z_]*");
    private static final int MAX_SHOWN = 40;

    private final List<Labelled> labels;
    private final BiConsumer<Json, String> faults;

    /**
     * A label.
     *
     * @param text empty if its value is no text
     */
    public record Labelled(String key, Json value, Optional<String> text) {
        public static Labelled of(String key, Json value) {
            return new Labelled(key, value, value.text());
        }
    }

    /** A label that asks for a VIP. */
    public record Asked(Labelled label, VipOptions options) {}

    private VipLabels(List<Labelled> labels, BiConsumer<Json, String> faults) {
        this.labels = labels;
        this.faults = faults;
    }

    /**
     * The labels that ask for a VIP, in their order.
     *
     * @param labels of the kind that asks for VIPs here
     * @param faults is told of each option that is not used, and why
     */
    public static List<Asked> of(List<Labelled> labels, BiConsumer<Json, String> faults) {
        return new VipLabels(labels, faults).asked();
    }

    private List<Asked> asked() {
        List<Labelled> vips =
                labels.stream().filter(label -> base(label).isEmpty()).toList();
        return vips.stream().map(vip -> new Asked(vip, options(vip))).toList();
    }

    /** The label to which this one is an option: the longest key before an underscore and a word. */
    private Optional<Labelled> base(Labelled label) {
        if (label.text().filter(text -> text.indexOf(':') < 0).isEmpty()) {
            return Optional.empty();
        }
        return labels.stream()
                .filter(other -> isBefore(other.key(), label.key()))
                .max((one, other) ->
                        Integer.compare(one.key().length(), other.key().length()));
    }

    private static boolean isBefore(String base, String key) {
        return key.length() > base.length() + 1
                && key.regionMatches(true, 0, base, 0, base.length())
                && key.charAt(base.length()) == '_'
                && WORD.matcher(key.substring(base.length() + 1)).matches();
    }

    private VipOptions options(Labelled vip) {
        Map<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        int weight = VipOptions.NONE.weight();
        List<Labelled> ours = new ArrayList<>(labels);
        ours.removeIf(label -> base(label).filter(vip::equals).isEmpty());
        for (Labelled label : ours) {
            String name = label.key().substring(vip.key().length() + 1);
            String value = label.text().orElse("").strip();
            Optional<BalancingOption> option = BalancingOption.parse(name);
            if (name.equalsIgnoreCase(WEIGHT)) {
                weight = weight(label, value);
            } else if (option.isEmpty()) {
                fault(label, "'" + name + "' is no option; known are " + known());
            } else {
                canonical(label, option.get(), value).ifPresent(text -> values.put(option.get(), text));
            }
        }
        return values.isEmpty() && weight == VipOptions.NONE.weight()
                ? VipOptions.NONE
                : new VipOptions(new BalancingOptions(values), weight);
    }

    private Optional<String> canonical(Labelled label, BalancingOption option, String value) {
        try {
            return Optional.of(option.canonical(value));
        } catch (IllegalArgumentException e) {
            fault(label, e.getMessage() + "; the default is used");
            return Optional.empty();
        }
    }

    private int weight(Labelled label, String value) {
        int weight = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
        if (weight < 1 || weight > MAX_WEIGHT) {
            fault(label, "a weight is a whole number from 1 to " + MAX_WEIGHT + "; the default, 1, is used");
            return VipOptions.NONE.weight();
        }
        return weight;
    }

    private void fault(Labelled label, String reason) {
        String key = label.key();
        String shown = key.length() <= MAX_SHOWN ? key : key.substring(0, MAX_SHOWN) + "...";
        faults.accept(label.value(), shown + ": " + reason);
    }

    private static String known() {
        return Stream.concat(Arrays.stream(BalancingOption.values()).map(BalancingOption::label), Stream.of(WEIGHT))
                .collect(Collectors.joining(", "));
    }
}
