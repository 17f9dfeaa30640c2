package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which addresses we may have programmed, so that a restart can tell our leftovers from what somebody
 * else set up: an address is written down before it is first programmed, and struck out after its last service is gone.
 * One range per line ({@code 11.0.0.0-11.255.255.255}, {@code 3.3.0.6-3.3.0.6}); a line that cannot be read is skipped.
 */
final class OwnershipJournal {
    private static final Logger log = LoggerFactory.getLogger(OwnershipJournal.class);
    private static final String FILE = "ipvs-addresses";

    private final Path file;
    private Set<IpRange> pools = Set.of();
    private Set<Ip> addresses = Set.of();

    private OwnershipJournal(Path file) {
        this.file = file;
    }

    static OwnershipJournal open(Path directory) throws IOException {
        Files.createDirectories(directory);
        OwnershipJournal journal = new OwnershipJournal(directory.resolve(FILE));
        if (Files.exists(journal.file)) {
            journal.load();
        }
        return journal;
    }

    /** What the journal of a folder holds, for who only looks; nothing if there is none. */
    static List<IpRange> remembered(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.exists(file) ? read(file) : List.of();
    }

    private void load() throws IOException {
        Set<IpRange> ranges = new LinkedHashSet<>();
        Set<Ip> single = new TreeSet<>();
        for (IpRange range : read(file)) {
            if (range.first().equals(range.last())) {
                single.add(range.first());
            } else {
                ranges.add(range);
            }
        }
        pools = Set.copyOf(ranges);
        addresses = Set.copyOf(single);
    }

    private static List<IpRange> read(Path file) throws IOException {
        List<IpRange> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(file, UTF_8)) {
            try {
                ranges.add(IpRange.parse(line.strip()));
            } catch (IllegalArgumentException e) {
                log.warn("{}: skipped a line: {}", file, e.getMessage());
            }
        }
        return ranges;
    }

    boolean owns(Ip ip) {
        return addresses.contains(ip) || pools.stream().anyMatch(pool -> pool.contains(ip));
    }

    /** Addresses outside of the pools. */
    Set<Ip> addresses() {
        return addresses;
    }

    /** Adds what is about to be programmed and keeps what was. */
    void add(LocalAddresses more) throws IOException {
        Set<IpRange> allPools = new LinkedHashSet<>(pools);
        allPools.addAll(more.pools().ranges());
        Set<Ip> all = new TreeSet<>(addresses);
        all.addAll(more.claims());
        write(allPools, all);
    }

    /** Forgets all but these: the rest is gone from the kernel. */
    void keepOnly(LocalAddresses now) throws IOException {
        write(now.pools().ranges(), now.claims());
    }

    /** Forgets everything: nothing of ours is left. */
    void clear() throws IOException {
        write(List.of(), List.of());
    }

    private void write(Collection<IpRange> newPools, Collection<Ip> newAddresses) throws IOException {
        Set<IpRange> poolSet = Set.copyOf(newPools);
        Set<Ip> addressSet = Set.copyOf(newAddresses);
        if (poolSet.equals(pools) && addressSet.equals(addresses)) {
            return;
        }
        List<String> lines = Stream.concat(
                        newPools.stream().map(IpRange::toString),
                        newAddresses.stream().sorted().map(Ip::toString))
                .toList();
        replace(file, lines);
        pools = poolSet;
        addresses = addressSet;
    }

    /** Writes a file so that after a crash it is either the old or the new one. */
    static void replace(Path file, List<String> lines) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, lines, UTF_8);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
