package directory.thisdcos.l4lb.launcher.filter;

import directory.thisdcos.l4lb.model.Family;
import java.util.List;
import java.util.Optional;

/**
 * A chain with its rules.
 *
 * @param table family and name, such as {@code ip nat}: what a rule can jump within
 * @param base where the kernel enters it; empty for a chain that is only jumped to
 */
record FilterChain(String table, String name, Optional<Base> base, List<FilterRule> rules) {

    /**
     * Where the kernel enters a chain.
     *
     * @param hook {@code prerouting}, {@code input}, {@code forward}, {@code output} and so on
     * @param priority lower ones come first
     * @param drops what no rule accepts
     */
    record Base(String hook, int priority, boolean drops) {}

    FilterChain {
        rules = List.copyOf(rules);
    }

    String fullName() {
        return table + " " + name;
    }

    boolean sees(Family family) {
        return !table.startsWith(family == Family.V4 ? "ip6 " : "ip ");
    }
}
