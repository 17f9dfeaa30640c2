package directory.thisdcos.l4lb.runtime;

import java.util.Comparator;

/**
 * Something that an operator should know and can mend. It lasts until its cause is gone.
 *
 * @param kind a short constant in kebab case, such as {@code invalid-label}; a metric label
 * @param subject what it is about, such as {@code examples/app.json: /my-service portDefinitions[0].labels.VIP_0}
 * @param message what is wrong and the fix, one line
 */
public record Problem(String kind, String subject, String message) implements Comparable<Problem> {

    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::kind).thenComparing(Problem::subject).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return subject + ": " + message;
    }
}
