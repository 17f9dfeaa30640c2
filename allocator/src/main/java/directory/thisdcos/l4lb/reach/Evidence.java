package directory.thisdcos.l4lb.reach;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which words count. A node that is cut off says of its neighbours that they cannot be reached, and each of them says it
 * of that node: so a word counts only against somebody who has more witnesses against him than the speaker has. Where
 * two halves of a cluster accuse each other, nobody's word does.
 */
final class Evidence {
    private final Map<String, SortedSet<String>> witnesses = new HashMap<>();
    private final Map<String, Integer> weights = new HashMap<>();
    private final ReachSettings settings;
    private final long now;

    private Evidence(ReachSettings settings, long now) {
        this.settings = settings;
        this.now = now;
    }

    static Evidence of(Collection<KnownNode> nodes, ReachSettings settings, long now) {
        Evidence evidence = new Evidence(settings, now);
        nodes.forEach(node -> evidence.weights.put(node.id(), node.accusers().size() + evidence.ended(node)));
        for (KnownNode node : nodes) {
            if (!node.accusers().isEmpty()) {
                SortedSet<String> counting = new TreeSet<>(node.accusers());
                counting.removeIf(witness -> evidence.weight(witness) >= evidence.weight(node.id()));
                evidence.witnesses.put(node.id(), counting);
            }
        }
        return evidence;
    }

    private int weight(String id) {
        return weights.getOrDefault(id, 0);
    }

    private int ended(KnownNode node) {
        return node.ended()
                        .filter(ended -> now - ended >= settings.grace().toMillis())
                        .isPresent()
                ? 1
                : 0;
    }

    /** The witnesses that count against a node, without its session. */
    SortedSet<String> of(KnownNode node) {
        return witnesses.getOrDefault(node.id(), Collections.emptySortedSet());
    }

    boolean isEnough(KnownNode node) {
        long alone = settings.alone().toMillis();
        return settings.isOn()
                && (of(node).size() + ended(node) >= settings.witnesses()
                        || (alone > 0
                                && node.ended()
                                        .filter(ended -> now - ended >= alone)
                                        .isPresent()));
    }
}
