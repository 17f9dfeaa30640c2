package directory.thisdcos.l4lb.netlink.nftables;

import java.util.List;

/**
 * A base chain with its rules.
 *
 * @param type {@code filter} or {@code nat}
 * @param hook one of the constants below; -1 for a chain that no packet enters by itself
 * @param priority among all hooks at that place, the lowest first
 * @param policy 1 accepts what no rule decides
 */
public record Chain(String name, String type, int hook, int priority, int policy, List<List<Expression>> rules) {
    public static final int PREROUTING = 0;
    public static final int INPUT = 1;
    public static final int FORWARD = 2;
    public static final int OUTPUT = 3;
    public static final int POSTROUTING = 4;

    static final int NO_HOOK = -1;
    static final int DROP = 0;
    static final int ACCEPT = 1;

    public Chain {
        rules = rules.stream().map(List::copyOf).toList();
    }

    public static Chain of(String name, String type, int hook, int priority, List<List<Expression>> rules) {
        return new Chain(name, type, hook, priority, ACCEPT, rules);
    }
}
