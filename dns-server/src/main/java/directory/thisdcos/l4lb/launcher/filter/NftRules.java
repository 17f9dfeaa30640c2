package directory.thisdcos.l4lb.launcher.filter;

import com.fasterxml.jackson.databind.JsonNode;
import directory.thisdcos.l4lb.model.IpRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what {@code nft -j list ruleset} prints (libnftables-json(5)). Rules of {@code iptables-nft} have expressions of
 * type {@code xt}, of which only the name is shown.
 */
final class NftRules {
    private static final String OWN_TABLE = "inet l4lb";

    private final Map<String, List<IpRange>> sets = new HashMap<>();
    private final Map<String, FilterChain> chains = new LinkedHashMap<>();
    private final Map<String, List<FilterRule>> rules = new HashMap<>();

    private NftRules() {}

    /** All chains but ours. */
    static List<FilterChain> parse(JsonNode ruleset) {
        NftRules read = new NftRules();
        JsonNode objects = ruleset.path("nftables");
        objects.forEach(object -> read.declare(object));
        objects.forEach(object -> read.rule(object.path("rule")));
        return read.chains.entrySet().stream()
                .map(entry -> new FilterChain(
                        entry.getValue().table(),
                        entry.getValue().name(),
                        entry.getValue().base(),
                        read.rules.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    private static String table(JsonNode of) {
        return of.path("family").asText() + " " + of.path("table").asText();
    }

    private void declare(JsonNode object) {
        JsonNode set = object.path("set");
        if (set.isObject()) {
            sets.put(table(set) + " @" + set.path("name").asText(), ranges(set.path("elem")));
        }
        JsonNode chain = object.path("chain");
        if (chain.isObject() && !table(chain).equals(OWN_TABLE)) {
            Optional<FilterChain.Base> base = chain.has("hook")
                    ? Optional.of(new FilterChain.Base(
                            chain.path("hook").asText(),
                            chain.path("prio").asInt(),
                            chain.path("policy").asText().equals("drop")))
                    : Optional.empty();
            FilterChain empty = new FilterChain(table(chain), chain.path("name").asText(), base, List.of());
            chains.put(empty.fullName(), empty);
        }
    }

    private void rule(JsonNode rule) {
        if (!rule.isObject()) {
            return;
        }
        Optional<List<IpRange>> destinations = Optional.empty();
        boolean conditional = false;
        FilterRule.Effect effect = FilterRule.Effect.NONE;
        String verb = "";
        String target = "";
        for (JsonNode expression : rule.path("expr")) {
            String kind =
                    expression.fieldNames().hasNext() ? expression.fieldNames().next() : "";
            JsonNode value = expression.path(kind);
            if (kind.equals("match")) {
                boolean plain = destination(value.path("left"))
                        && (value.path("op").asText().equals("==")
                                || value.path("op").asText().equals("in"));
                if (plain) {
                    destinations = Optional.of(named(table(rule), value.path("right")));
                }
                conditional |= !plain;
            } else if (kind.equals("xt") && !value.path("type").asText().equals("target")) {
                conditional |= !value.path("name").asText().equals("comment");
            } else {
                String name = kind.equals("xt") ? value.path("name").asText() : kind;
                FilterRule.Effect found = Effects.of(name);
                if (found != FilterRule.Effect.NONE) {
                    effect = found;
                    verb = name;
                    target = value.path("target").asText();
                }
            }
        }
        String chain = table(rule) + " " + rule.path("chain").asText();
        rules.computeIfAbsent(chain, name -> new ArrayList<>())
                .add(new FilterRule(
                        destinations,
                        conditional,
                        effect,
                        target,
                        Effects.text(destinations, conditional, verb),
                        "nft delete rule " + chain + " handle "
                                + rule.path("handle").asText()));
    }

    private static boolean destination(JsonNode left) {
        return left.path("payload").path("field").asText().equals("daddr")
                && left.path("payload").path("protocol").asText().startsWith("ip");
    }

    private List<IpRange> named(String table, JsonNode right) {
        return right.isTextual() && right.asText().startsWith("@")
                ? sets.getOrDefault(table + " " + right.asText(), List.of())
                : ranges(right);
    }

    /** Addresses, prefixes and ranges, alone or in a list or set; anything else is left out. */
    private static List<IpRange> ranges(JsonNode value) {
        List<IpRange> found = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(one -> found.addAll(ranges(one)));
        } else if (value.has("set")) {
            found.addAll(ranges(value.path("set")));
        } else if (value.has("elem")) {
            found.addAll(ranges(value.path("elem").path("val")));
        } else if (value.has("prefix")) {
            JsonNode prefix = value.path("prefix");
            Effects.range(prefix.path("addr").asText() + "/"
                            + prefix.path("len").asText())
                    .ifPresent(found::add);
        } else if (value.has("range")) {
            JsonNode range = value.path("range");
            Effects.range(range.path(0).asText() + "-" + range.path(1).asText()).ifPresent(found::add);
        } else if (value.isTextual()) {
            Effects.range(value.asText()).ifPresent(found::add);
        }
        return found;
    }
}
