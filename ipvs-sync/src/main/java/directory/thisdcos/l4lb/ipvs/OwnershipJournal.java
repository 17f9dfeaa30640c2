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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on disk which addresses and firewall marks we may have programmed, so that a restart can tell our leftovers
 * from what somebody else set up: each is written down before it is first programmed, and struck out after its last
 * service is gone.
 * One range per line ({@code 11.0.0.0-11.255.255.255}, {@code 3.3.0.6-3.3.0.6}), or one place with a mark ({@code fwmark4 17
 * tcp 11.0.0.1:80}); a line that cannot be read is skipped.
 */
final class OwnershipJournal {
    private static final Logger log = LoggerFactory.getLogger(OwnershipJournal.class);
    private static final String FILE = "ipvs-addresses";
    private static final int WORDS_OF_A_MARK = 4;

    private final Path file;
    private Set<IpRange> pools = Set.of();
    private Set<Ip> addresses = Set.of();

    /** The places of each. */
    private Map<ServiceId.Mark, Set<ServiceId.Address>> marks = Map.of();

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
        return Files.exists(file) ? read(file, (mark, place) -> {}) : List.of();
    }

    private void load() throws IOException {
        Set<IpRange> ranges = new LinkedHashSet<>();
        Set<Ip> single = new TreeSet<>();
        Map<ServiceId.Mark, Set<ServiceId.Address>> found = new HashMap<>();
        for (IpRange range : read(file, (mark, place) -> put(found, mark, place))) {
            if (range.first().equals(range.last())) {
                single.add(range.first());
            } else {
                ranges.add(range);
            }
        }
        pools = Set.copyOf(ranges);
        addresses = Set.copyOf(single);
        marks = found;
    }

    private static void put(
            Map<ServiceId.Mark, Set<ServiceId.Address>> into, ServiceId.Mark mark, ServiceId.Address place) {
        into.computeIfAbsent(mark, first -> new HashSet<>()).add(place);
    }

    private static List<IpRange> read(Path file, BiConsumer<ServiceId.Mark, ServiceId.Address> marked)
            throws IOException {
        List<IpRange> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(file, UTF_8)) {
            try {
                String[] words = line.strip().split(" ", -1);
                if (words.length == WORDS_OF_A_MARK
                        && ServiceId.parse(words[0] + " " + words[1]) instanceof ServiceId.Mark mark
                        && ServiceId.parse(words[2] + " " + words[3]) instanceof ServiceId.Address place) {
                    marked.accept(mark, place);
                } else {
                    ranges.add(IpRange.parse(line.strip()));
                }
            } catch (IllegalArgumentException e) {
                log.warn("{}: skipped a line: {}", file, e.getMessage());
            }
        }
        return ranges;
    }

    boolean owns(Ip ip) {
        return addresses.contains(ip) || pools.stream().anyMatch(pool -> pool.contains(ip));
    }

    /** Whether a service of the kernel is at an address of ours, or for a mark that we have made one for. */
    boolean owns(ServiceId id) {
        return id instanceof ServiceId.Address address ? owns(address.ip()) : Sentinel.is(id) || marks.containsKey(id);
    }

    /** The places at which clients meet a service that we may have programmed: itself, or those with its mark. */
    Set<ServiceId.Address> places(ServiceId id) {
        return id instanceof ServiceId.Address address ? Set.of(address) : marks.getOrDefault(id, Set.of());
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
        Map<ServiceId.Mark, Set<ServiceId.Address>> allMarks = new HashMap<>();
        marks.forEach((mark, places) -> allMarks.put(mark, new HashSet<>(places)));
        more.marks().forEach((place, mark) -> put(allMarks, mark, place));
        write(allPools, all, allMarks);
    }

    /**
     * Forgets all but these: the rest is gone from the kernel.
     *
     * @param left services for marks that are wanted no more, and still there
     */
    void keepOnly(LocalAddresses now, Set<ServiceId.Mark> left) throws IOException {
        Map<ServiceId.Mark, Set<ServiceId.Address>> kept = new HashMap<>();
        now.marks().forEach((place, mark) -> put(kept, mark, place));
        left.forEach(mark -> kept.put(mark, marks.getOrDefault(mark, Set.of())));
        write(now.pools().ranges(), now.claims(), kept);
    }

    /** Forgets everything: nothing of ours is left. */
    void clear() throws IOException {
        write(List.of(), List.of(), Map.of());
    }

    private void write(
            Collection<IpRange> newPools,
            Collection<Ip> newAddresses,
            Map<ServiceId.Mark, Set<ServiceId.Address>> newMarks)
            throws IOException {
        Set<IpRange> poolSet = Set.copyOf(newPools);
        Set<Ip> addressSet = Set.copyOf(newAddresses);
        if (poolSet.equals(pools) && addressSet.equals(addresses) && newMarks.equals(marks)) {
            return;
        }
        Stream<String> markLines = newMarks.entrySet().stream()
                .flatMap(of -> of.getValue().stream().map(place -> of.getKey().words() + " " + place.words()))
                .sorted();
        List<String> lines = Stream.of(
                        newPools.stream().map(IpRange::toString),
                        newAddresses.stream().sorted().map(Ip::toString),
                        markLines)
                .flatMap(of -> of)
                .toList();
        replace(file, lines);
        pools = poolSet;
        addresses = addressSet;
        marks = Map.copyOf(newMarks);
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
