package directory.thisdcos.l4lb.launcher.filter;

import directory.thisdcos.l4lb.model.IpRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the rules as a packet to one of our addresses does. IPVS takes it at priority -99 of output and 98 of input
 * (net/netfilter/ipvs/ip_vs_core.c); what comes later does not see our address any more. Rules that name no destination
 * and ask for something else, such as a port, are not about us; unless they divert what comes before our own rules.
 */
final class RuleWalk {
    /** The chains {@code own_*} of our table {@code inet l4lb}: the first rule that rewrites a destination wins. */
    private static final int OUR_DESTINATION_NAT = -101;

    private static final int IPVS_OUTPUT = -99;
    private static final int IPVS_INPUT = 98;

    private static final int DEEPEST = 32;

    private final Map<String, FilterChain> chains = new HashMap<>();
    private final List<FilterChain> bases;
    private final List<IpRange> ours;
    private final Set<Hit> hits = new LinkedHashSet<>();

    RuleWalk(List<FilterChain> all, List<IpRange> ours) {
        all.forEach(chain -> chains.put(chain.fullName(), chain));
        this.bases = all.stream().filter(chain -> chain.base().isPresent()).toList();
        this.ours = List.copyOf(ours);
    }

    /** In the order of the chains. */
    List<Hit> hits() {
        for (FilterChain chain : bases) {
            chain.base().ifPresent(base -> enter(chain, base));
        }
        return List.copyOf(hits);
    }

    private void enter(FilterChain chain, FilterChain.Base base) {
        List<IpRange> left = new ArrayList<>(
                ours.stream().filter(range -> chain.sees(range.family())).toList());
        switch (base.hook()) {
            case "ingress", "prerouting" -> walk(chain, base, left, false, 0);
            case "output" -> {
                if (base.priority() < IPVS_OUTPUT) {
                    walk(chain, base, left, false, 0);
                }
            }
            case "input" -> {
                if (base.priority() < IPVS_INPUT) {
                    walk(chain, base, left, false, 0);
                    if (base.drops() && !left.isEmpty()) {
                        hits.add(new Hit(Hit.Kind.INPUT_DROPS, chain.fullName(), "", ""));
                    }
                }
            }
            case "forward" -> {
                if (base.drops()) {
                    hits.add(new Hit(Hit.Kind.FORWARD_DROPS, chain.fullName(), "", ""));
                }
            }
            default -> {
                // Later than IPVS.
            }
        }
    }

    /**
     * Follows packets to the addresses that are left; takes out those that no packet comes back from, accepted or not.
     *
     * @param named whether a rule on the way here named addresses of ours
     */
    private void walk(FilterChain chain, FilterChain.Base base, List<IpRange> left, boolean named, int depth) {
        for (FilterRule rule : chain.rules()) {
            List<IpRange> touched =
                    left.stream().filter(range -> touches(rule, range)).toList();
            if (touched.isEmpty()) {
                continue;
            }
            List<IpRange> taken = rule.conditional()
                    ? List.of()
                    : touched.stream().filter(range -> covers(rule, range)).toList();
            boolean names = named || rule.destinations().isPresent();
            switch (rule.effect()) {
                case JUMP -> {
                    List<IpRange> inside = new ArrayList<>(touched);
                    Optional<FilterChain> next = Optional.ofNullable(chains.get(chain.table() + " " + rule.target()));
                    if (next.isPresent() && depth < DEEPEST) {
                        walk(next.get(), base, inside, names, depth + 1);
                    }
                    left.removeIf(range -> taken.contains(range) && !inside.contains(range));
                }
                case RETURN -> {
                    if (taken.containsAll(left)) {
                        return;
                    }
                }
                case NONE -> {
                    // On to the next rule.
                }
                default -> {
                    end(rule, chain, base, names, !taken.isEmpty());
                    left.removeAll(taken);
                }
            }
        }
    }

    private void end(FilterRule rule, FilterChain chain, FilterChain.Base base, boolean names, boolean always) {
        boolean beforeUs = base.priority() <= OUR_DESTINATION_NAT;
        Optional<Hit.Kind> kind = switch (rule.effect()) {
            case DIVERT ->
                beforeUs
                        ? Optional.of(Hit.Kind.DIVERTED)
                        : Optional.of(Hit.Kind.DIVERTED_WITHOUT_US).filter(any -> names);
            case DROP ->
                names
                        ? Optional.of(Hit.Kind.DROPPED)
                        : Optional.of(Hit.Kind.INPUT_DROPS)
                                .filter(any -> always && base.hook().equals("input"));
            default -> Optional.empty();
        };
        kind.ifPresent(found -> hits.add(new Hit(found, chain.fullName(), rule.text(), rule.removal())));
    }

    private static boolean touches(FilterRule rule, IpRange range) {
        return rule.destinations()
                .map(list -> list.stream().anyMatch(range::overlaps))
                .orElse(true);
    }

    private static boolean covers(FilterRule rule, IpRange range) {
        return rule.destinations()
                .map(list -> list.stream().anyMatch(to -> to.contains(range.first()) && to.contains(range.last())))
                .orElse(true);
    }
}
