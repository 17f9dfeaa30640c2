package directory.thisdcos.l4lb.model;

import java.util.Comparator;

/**
 * A declaration of a virtual service.
 *
 * @param source the source that reported it
 * @param framework the framework's name, such as {@code marathon}
 * @param owner the app or task that carries the label, such as {@code /my-service}
 * @param label the label's value, verbatim; empty if it was declared by its exact name
 * @param leaseMillis how long it lasts after it was last renewed, in milliseconds; 0 for as long as its source says so
 * @param options what it says of the balancing, as {@link BalancingOptions#text}; empty if nothing
 */
public record Origin(String source, String framework, String owner, String label, long leaseMillis, String options)
        implements Comparable<Origin> {

    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::framework)
            .thenComparing(Origin::owner)
            .thenComparing(Origin::label)
            .thenComparing(Origin::source)
            .thenComparingLong(Origin::leaseMillis)
            .thenComparing(Origin::options);

    public Origin {
        if (leaseMillis < 0) {
            throw new IllegalArgumentException("a lease of " + leaseMillis + " ms is negative");
        }
    }

    /** One that lasts for as long as its source says so. */
    public Origin(String source, String framework, String owner, String label) {
        this(source, framework, owner, label, 0);
    }

    /** One that says nothing of the balancing. */
    public Origin(String source, String framework, String owner, String label, long leaseMillis) {
        this(source, framework, owner, label, leaseMillis, "");
    }

    public Origin with(BalancingOptions said) {
        return new Origin(source, framework, owner, label, leaseMillis, said.text());
    }

    /** Labels that differ only in their leading slash mean the same; all others met by accident. */
    String collisionKey() {
        return framework + " " + (label.startsWith("/") ? label.substring(1) : label);
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
