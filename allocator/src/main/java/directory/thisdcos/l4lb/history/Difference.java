package directory.thisdcos.l4lb.history;

import directory.thisdcos.l4lb.model.Cause;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is different of a target between two tables.
 *
 * @param who the sources that said so, as far as the tables tell
 * @param why who declares it, as far as the tables tell
 */
record Difference(String text, String who, String why) {

    static Difference of(String text, Collection<String> sources, Collection<String> owners) {
        return new Difference(text, joined(sources), joined(owners));
    }

    /** The same on somebody's order. */
    Difference because(Optional<Cause> cause) {
        return cause.map(known -> new Difference(text, known.who(), known.why()))
                .orElse(this);
    }

    private static String joined(Collection<String> texts) {
        return texts.stream()
                .filter(text -> !text.isEmpty())
                .distinct()
                .sorted()
                .limit(Differences.MAX_NAMED)
                .collect(Collectors.joining(", "));
    }
}
