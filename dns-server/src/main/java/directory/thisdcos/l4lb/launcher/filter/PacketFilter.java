package directory.thisdcos.l4lb.launcher.filter;

import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.ipvs.ForwardPolicies;
import directory.thisdcos.l4lb.model.IpRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * This machine's packet filter: with nft what it shows, and with iptables-save what nft does not, the tables of
 * {@code iptables-legacy}. Without either only the policies of FORWARD, over our own netlink.
 *
 * @param readers the programs that it was read with; empty for none
 * @param unread why a program that is here could not read it
 * @param hits what may keep packets from us
 * @param balancers other load balancers whose rules are here
 */
public record PacketFilter(List<String> readers, List<String> unread, List<Hit> hits, List<String> balancers) {

    /** A program that prints rules, with the one that changes them. */
    private record Legacy(String program, String changes, String family) {}

    private static final List<Legacy> LEGACY = List.of(
            new Legacy("iptables-save", "iptables", "ip"),
            new Legacy("ip6tables-save", "ip6tables", "ip6"),
            new Legacy("iptables-legacy-save", "iptables-legacy", "ip"),
            new Legacy("ip6tables-legacy-save", "ip6tables-legacy", "ip6"));

    /** How much a load balancer's rules are known by: a text in them, and its name. */
    private record Mark(String text, String name) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("KUBE-SERVICES", "kube-proxy"),
            new Mark("ip kube-proxy", "kube-proxy"),
            new Mark("ip6 kube-proxy", "kube-proxy"),
            new Mark("Minuteman-IPVS-IPTables-masquerade-rule", "dcos-net"),
            new Mark("dcos-l4lb", "dcos-net"),
            new Mark("CILIUM_", "Cilium"));

    /** @param ours the addresses that packets are for */
    public static PacketFilter read(List<IpRange> ours) throws InterruptedException {
        List<String> readers = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        List<Hit> hits = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean nft = false;
        Optional<Tool.Output> ruleset = Tool.run("nft", "-j", "list", "ruleset");
        if (ruleset.isPresent()) {
            try {
                List<FilterChain> chains =
                        NftRules.parse(new ObjectMapper().readTree(ruleset.get().text()));
                hits.addAll(new RuleWalk(chains, ours).hits());
                chains.forEach(chain -> text.append(chain.fullName()).append('\n'));
                readers.add("nft");
                nft = true;
            } catch (IOException e) {
                unread.add("nft: " + e.getMessage());
            }
        }
        for (Legacy legacy : LEGACY) {
            Optional<Tool.Output> saved = Tool.run(legacy.program);
            if (saved.isEmpty()) {
                continue;
            }
            try {
                String rules = saved.get().text();
                text.append(rules);
                readers.add(legacy.program);
                if (!nft || !IptablesRules.isOfNftables(rules)) {
                    List<FilterChain> chains = IptablesRules.parse(rules, legacy.changes, legacy.family);
                    hits.addAll(new RuleWalk(chains, ours).hits());
                }
            } catch (IOException e) {
                unread.add(legacy.program + ": " + e.getMessage());
            }
        }
        if (readers.isEmpty() && unread.isEmpty()) {
            ForwardPolicies.dropping().forEach(chain -> hits.add(new Hit(Hit.Kind.FORWARD_DROPS, chain, "", "")));
        }
        return new PacketFilter(readers, unread, distinct(hits), balancers(text.toString()));
    }

    /** Two programs may show the same legacy tables. */
    private static List<Hit> distinct(List<Hit> hits) {
        Set<String> seen = new LinkedHashSet<>();
        return hits.stream()
                .filter(hit -> seen.add(hit.kind() + hit.chain() + hit.rule()))
                .toList();
    }

    private static List<String> balancers(String text) {
        return MARKS.stream()
                .filter(mark -> text.contains(mark.text))
                .map(Mark::name)
                .distinct()
                .toList();
    }
}
