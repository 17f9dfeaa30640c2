package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.BalancingOption;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Protocol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How services are balanced for which nobody says it. */
final class VipDefaultOptions {
    private static final String NAME = "--vip-default";

    /** A firewall mark belongs to one name. */
    private static final Set<BalancingOption> SHAREABLE = EnumSet.complementOf(EnumSet.of(BalancingOption.FWMARK));

    @Option(
            names = NAME,
            paramLabel = "OPTION=VALUE",
            description = "How virtual services are balanced whose labels do not say it, such as scheduler=sh or"
                    + " persistenceSeconds=300. Repeatable. Without it: scheduler=wlc, method=nat.")
    Map<String, String> defaults = Map.of();

    BalancingOptions balancing() throws WrongUsageException {
        Map<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        for (Map.Entry<String, String> given : defaults.entrySet()) {
            BalancingOption option = BalancingOption.parse(given.getKey())
                    .filter(SHAREABLE::contains)
                    .orElseThrow(() -> new WrongUsageException(NAME + " " + given.getKey() + ": no such option; give "
                            + SHAREABLE.stream().map(BalancingOption::field).collect(Collectors.joining(", "))));
            try {
                values.put(option, option.canonical(given.getValue()));
            } catch (IllegalArgumentException e) {
                throw new WrongUsageException(NAME + " " + given.getKey() + ": " + e.getMessage());
            }
        }
        BalancingOptions options = new BalancingOptions(values);
        // Some options fit services of one protocol only: a default gives way where it does not fit.
        List<String> faults = faults(options, Protocol.UDP);
        faults.retainAll(faults(options, Protocol.TCP));
        // Others are for those services whose labels ask for a check.
        faults.removeIf(fault -> fault.contains(" is for a check; "));
        if (!faults.isEmpty()) {
            throw new WrongUsageException(NAME + " " + faults.get(0));
        }
        return options;
    }

    private static List<String> faults(BalancingOptions options, Protocol protocol) {
        List<String> faults = new ArrayList<>();
        options.over(BalancingOptions.NONE, protocol, faults);
        return faults;
    }
}
