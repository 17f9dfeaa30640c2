package directory.thisdcos.l4lb.reach;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Ip;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which machines are gone now. Immutable.
 *
 * @param nodes every node that is known, by id
 * @param names of machines that are gone, as sources call them (lower case): ids and addresses
 * @param addresses of machines that are gone
 * @param limit why none is gone although there is evidence; empty if that is not so
 */
public record ReachVerdict(
        List<NodeReach> nodes, Map<String, String> names, Map<Ip, String> addresses, Optional<String> limit) {

    public static final ReachVerdict NONE = new ReachVerdict(List.of(), Map.of(), Map.of(), Optional.empty());

    public ReachVerdict {
        nodes = List.copyOf(nodes);
        names = Map.copyOf(names);
        addresses = Map.copyOf(addresses);
    }

    /** Why the machine of a backend counts as gone; empty if it does not. */
    public Optional<String> whyGone(Backend backend) {
        if (names.isEmpty() && addresses.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(names.get(backend.node().toLowerCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(addresses.get(backend.address().ip())));
    }

    /** Whether every backend fares the same under both. */
    public boolean judgesAs(ReachVerdict other) {
        return names.keySet().equals(other.names.keySet()) && addresses.keySet().equals(other.addresses.keySet());
    }
}
