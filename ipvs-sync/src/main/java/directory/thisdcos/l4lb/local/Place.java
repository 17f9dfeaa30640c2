package directory.thisdcos.l4lb.local;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Locality;
import java.util.Map;
import java.util.Set;

/**
 * Where this node is.
 *
 * @param names by which sources call it, host name and addresses
 * @param region empty if it does not matter
 * @param zone empty if unknown
 * @param rack empty if unknown
 */
public record Place(Set<String> names, String region, String zone, String rack) {

    public Place {
        names = Set.copyOf(names);
    }

    /** From the node's attributes {@code region}, {@code zone} and {@code rack}. */
    public static Place of(Set<String> names, Map<String, String> attributes) {
        return new Place(
                names,
                attributes.getOrDefault("region", ""),
                attributes.getOrDefault("zone", ""),
                attributes.getOrDefault("rack", ""));
    }

    /** The narrowest of node, rack and zone that this node shares with a backend; NONE if it is elsewhere or unknown. */
    Locality near(Backend backend) {
        if (names.contains(backend.node())
                || names.contains(backend.address().ip().toString())) {
            return Locality.NODE;
        }
        // REGION/ZONE/RACK, of which any may be empty or missing at the end.
        String[] parts = backend.zone().split("/", -1);
        boolean isHere = parts.length > 1
                && !zone.isEmpty()
                && parts[1].equals(zone)
                && (region.isEmpty() || parts[0].isEmpty() || parts[0].equals(region));
        if (!isHere) {
            return Locality.NONE;
        }
        return parts.length > 2 && !rack.isEmpty() && parts[2].equals(rack) ? Locality.RACK : Locality.ZONE;
    }
}
