package directory.thisdcos.l4lb.netlink.nftables;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table of family inet. Sets and chains are sorted by name, so that tables compare by content.
 *
 * @param flags 0 for a table at work, 1 for a dormant one
 * @param elements by the name of their set
 */
public record Table(
        String name, int flags, List<AddressSet> sets, List<Chain> chains, Map<String, Set<Element>> elements) {

    public Table {
        sets = sets.stream().sorted(Comparator.comparing(AddressSet::name)).toList();
        chains = chains.stream().sorted(Comparator.comparing(Chain::name)).toList();
        Map<String, Set<Element>> copy = new TreeMap<>();
        elements.forEach((set, members) -> {
            if (!members.isEmpty()) {
                copy.put(set, Set.copyOf(members));
            }
        });
        elements = Collections.unmodifiableMap(copy);
    }

    public Set<Element> elementsOf(String set) {
        return elements.getOrDefault(set, Set.of());
    }

    /** The same with empty sets: what only a new table can change. */
    public Table structure() {
        return with(Map.of());
    }

    public Table with(Map<String, Set<Element>> others) {
        return new Table(name, flags, sets, chains, others);
    }
}
