package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.IpRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of this host's IPVS table is whose, seen from outside of the engine: it only reads files, and no lock is needed.
 *
 * @param ours the addresses of our services: the pools and the claimed ones
 * @param remembered whether an engine has worked here; otherwise nothing in the table can be of ours yet
 * @param foreign services at these addresses that the engine says others made
 * @param others further services at these addresses: ours if remembered
 * @param elsewhere the number of services at all other addresses
 */
public record TableLook(
        List<IpRange> ours, boolean remembered, List<String> foreign, List<String> others, int elsewhere) {

    public TableLook {
        ours = List.copyOf(ours);
        foreign = List.copyOf(foreign);
        others = List.copyOf(others);
    }

    /**
     * @param table the kernel's, such as {@code /proc/net/ip_vs}; none if it is not there
     * @param directory where the engine remembers what it owns
     * @param otherwise the addresses to take for ours if no engine has worked here
     */
    public static TableLook at(Path table, Path directory, List<IpRange> otherwise) throws IOException {
        List<IpRange> known = OwnershipJournal.remembered(directory);
        boolean remembered = !known.isEmpty();
        List<IpRange> ours = remembered ? known : otherwise;
        Set<String> strangers = Strangers.remembered(directory);
        List<String> foreign = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int elsewhere = 0;
        if (Files.exists(table)) {
            for (ServiceId id : ProcTable.parse(Files.readAllBytes(table)).keySet()) {
                if (id instanceof ServiceId.Address address
                        && ours.stream().anyMatch(range -> range.contains(address.ip()))) {
                    (strangers.contains(id.toString()) ? foreign : others).add(id.toString());
                } else {
                    elsewhere++;
                }
            }
        }
        foreign.sort(null);
        others.sort(null);
        return new TableLook(ours, remembered, foreign, others, elsewhere);
    }
}
