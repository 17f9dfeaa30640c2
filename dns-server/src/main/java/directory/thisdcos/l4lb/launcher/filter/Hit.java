package directory.thisdcos.l4lb.launcher.filter;

/**
 * Something of somebody else's that packets to our addresses, or the answers to them, may not get past.
 *
 * @param chain table and chain
 * @param rule what the rule does; empty for the chain's policy
 * @param removal the command that removes the rule; empty for the chain's policy
 */
public record Hit(Kind kind, String chain, String rule, String removal) {

    /** In which way. */
    public enum Kind {
        /** A rule for addresses of ours sends packets elsewhere before our own rules can keep them. */
        DIVERTED,
        /** The same, but our own rules come first as long as they are there. */
        DIVERTED_WITHOUT_US,
        /** A rule for addresses of ours drops packets before IPVS. */
        DROPPED,
        /** What comes from outside to this host is dropped unless a rule accepts it. */
        INPUT_DROPS,
        /** What passes through this host is dropped unless a rule accepts it. */
        FORWARD_DROPS
    }
}
