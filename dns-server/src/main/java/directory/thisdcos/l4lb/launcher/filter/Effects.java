package directory.thisdcos.l4lb.launcher.filter;

import directory.thisdcos.l4lb.model.IpRange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words of nft and iptables for what becomes of a packet. */
final class Effects {
    private static final int SHOWN = 3;

    private Effects() {}

    static FilterRule.Effect of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "dnat", "redirect", "tproxy" -> FilterRule.Effect.DIVERT;
            case "drop", "reject" -> FilterRule.Effect.DROP;
            case "accept" -> FilterRule.Effect.ACCEPT;
            case "return" -> FilterRule.Effect.RETURN;
            case "jump", "goto" -> FilterRule.Effect.JUMP;
            default -> FilterRule.Effect.NONE;
        };
    }

    /** Such as {@code drop of what is for 11.0.0.0-11.255.255.255, under more conditions}. */
    static String text(Optional<List<IpRange>> destinations, boolean conditional, String verb) {
        String to = destinations
                .map(list -> "what is for "
                        + list.stream().limit(SHOWN).map(Effects::shortest).collect(Collectors.joining(", "))
                        + (list.size() > SHOWN ? " and more" : ""))
                .orElse("everything");
        return verb.toLowerCase(Locale.ROOT) + " of " + to + (conditional ? ", under more conditions" : "");
    }

    private static String shortest(IpRange range) {
        return range.first().equals(range.last()) ? range.first().toString() : range.toString();
    }

    /** Empty for what is no address, prefix or range of addresses. */
    static Optional<IpRange> range(String text) {
        try {
            return Optional.of(IpRange.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
