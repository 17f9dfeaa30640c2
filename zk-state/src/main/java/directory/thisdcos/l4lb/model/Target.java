package directory.thisdcos.l4lb.model;

/**
 * What a client connects to: a name, which gets an address from the pool, or an address that the user fixed. Targets
 * sort by their text within each kind, names first.
 */
public sealed interface Target extends Comparable<Target> permits ServiceName, FixedAddress {

    /** The FQDN without the final dot, or the address; unique over both kinds. */
    String text();

    @Override
    default int compareTo(Target other) {
        int byKind = Boolean.compare(this instanceof FixedAddress, other instanceof FixedAddress);
        return byKind != 0 ? byKind : text().compareTo(other.text());
    }
}
