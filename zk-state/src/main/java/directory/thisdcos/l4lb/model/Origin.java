package directory.thisdcos.l4lb.model;

import java.util.Comparator;

/**
 * A declaration of a virtual service.
 *
 * @param source the source that reported it
 * @param framework the framework's name, such as {@code marathon}
 * @param owner the app or task that carries the label, such as {@code /my-service}
 * @param label the label's value, verbatim
 */
public record Origin(String source, String framework, String owner, String label) implements Comparable<Origin> {

    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::framework)
            .thenComparing(Origin::owner)
            .thenComparing(Origin::label)
            .thenComparing(Origin::source);

    /** Labels that differ only in their leading slash mean the same; all others met by accident. */
    String collisionKey() {
        return framework + " " + (label.startsWith("/") ? label.substring(1) : label);
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
