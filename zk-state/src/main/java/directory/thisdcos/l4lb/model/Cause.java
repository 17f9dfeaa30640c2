package directory.thisdcos.l4lb.model;

import java.util.Optional;
import java.util.Set;

/**
 * Who wanted what of a batch changed, and why: for people, and no part of the state.
 *
 * @param who as the admin API knows them
 * @param why what they ordered, and their reason if they gave one
 * @param targets what of the batch it is about, as {@link Target#text}; empty for all
 */
public record Cause(String who, String why, Set<String> targets) {

    /** Characters of {@code who} and {@code why}, each. */
    private static final int MAX_TEXT = 200;

    /** An order about more is told of everything in its batches: it would take more room than the changes. */
    public static final int MAX_TARGETS = 16;

    public Cause {
        who = cut(who);
        why = cut(why);
        targets = targets.size() > MAX_TARGETS ? Set.of() : Set.copyOf(targets);
    }

    /** Of all of its batch. */
    public Cause(String who, String why) {
        this(who, why, Set.of());
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    /** The same for some of the batch. */
    public Cause of(Set<String> newTargets) {
        return new Cause(who, why, newTargets);
    }

    /** The one of several that says most of a target: one about it, or else one about everything. */
    public static Optional<Cause> of(Target target, Iterable<Cause> causes) {
        Optional<Cause> general = Optional.empty();
        for (Cause cause : causes) {
            if (cause.targets.contains(target.text())) {
                return Optional.of(cause);
            }
            if (cause.targets.isEmpty()) {
                general = Optional.of(cause);
            }
        }
        return general;
    }
}
