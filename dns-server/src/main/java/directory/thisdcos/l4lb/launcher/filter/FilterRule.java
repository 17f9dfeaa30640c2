package directory.thisdcos.l4lb.launcher.filter;

import directory.thisdcos.l4lb.model.IpRange;
import java.util.List;
import java.util.Optional;

/**
 * A rule, as far as it matters here.
 *
 * @param destinations which it names; empty if it holds for every one
 * @param conditional whether it asks for anything else, such as a port or an interface
 * @param target the chain of a jump, otherwise empty
 * @param text what it does, for people
 * @param removal the command that removes it
 */
record FilterRule(
        Optional<List<IpRange>> destinations,
        boolean conditional,
        Effect effect,
        String target,
        String text,
        String removal) {

    /** What becomes of a packet that matches. */
    enum Effect {
        /** It gets another destination: dnat, redirect, tproxy. */
        DIVERT,
        /** It goes no further: drop, reject. */
        DROP,
        ACCEPT,
        RETURN,
        JUMP,
        /** It goes on to the next rule. */
        NONE
    }
}
