package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A second name for what is below {@code real}: a query below {@code shown} gets the other's answer, with all names
 * written back (dcos-net did the same, so programs may hold either name).
 */
public record Alias(Name shown, Name real) {
    private static final Name DIRECTORY = Name.of("thisdcos.directory");

    /**
     * dcos-net's.
     *
     * @param clusterId the label that stands for the cluster's public key in {@code ID.dcos.directory}
     */
    public static List<Alias> ofDcos(Optional<String> clusterId) {
        List<Alias> aliases = new ArrayList<>(List.of(
                new Alias(Name.of("dclb.thisdcos.directory"), DynamicZones.ORIGIN),
                new Alias(Name.of("dclb.thisdcos.global"), DynamicZones.ORIGIN),
                new Alias(Name.of("thisdcos.global"), DIRECTORY)));
        clusterId.ifPresent(
                id -> aliases.add(new Alias(Name.of("dcos.directory").child(id), DIRECTORY)));
        return List.copyOf(aliases);
    }

    /** The label at which {@code name} enters {@code shown}, or -1. */
    public int match(NameView name) {
        int label = name.labels() - shown.labels();
        return label >= 0 && name.suffixEquals(label, shown) ? label : -1;
    }
}
