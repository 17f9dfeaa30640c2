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
 * @param places {@code REGION/ZONE/RACK} of each node, as its attributes say, by its id (lower case) and its addresses;
 *     parts may be empty; no entry at all where no node has such attributes
 * @param limit why none is gone although there is evidence; empty if that is not so
 */
public record ReachVerdict(
        List<NodeReach> nodes,
        Map<String, String> names,
        Map<Ip, String> addresses,
        Map<String, String> places,
        Optional<String> limit) {

    public static final ReachVerdict NONE = new ReachVerdict(List.of(), Map.of(), Map.of(), Map.of(), Optional.empty());

    public ReachVerdict {
        nodes = List.copyOf(nodes);
        names = Map.copyOf(names);
        addresses = Map.copyOf(addresses);
        places = Map.copyOf(places);
    }

    /** Why the machine of a backend counts as gone; empty if it does not. */
    public Optional<String> whyGone(Backend backend) {
        if (names.isEmpty() && addresses.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(names.get(backend.node().toLowerCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(addresses.get(backend.address().ip())));
    }

    /** Where the machine of a backend is; empty if it is not known, {@code //} if it has no attributes. */
    public Optional<String> place(Backend backend) {
        if (places.isEmpty()) {
            return nodes.isEmpty() ? Optional.empty() : Optional.of("//");
        }
        return Optional.ofNullable(places.get(backend.node().toLowerCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(places.get(backend.address().ip().toString())));
    }

    /** Whether every backend fares the same under both. */
    public boolean judgesAs(ReachVerdict other) {
        return names.keySet().equals(other.names.keySet())
                && addresses.keySet().equals(other.addresses.keySet())
                && places.equals(other.places);
    }
}
