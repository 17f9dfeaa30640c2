package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;

/** Reads one RFC 1035 §5 master file. The name of the zone is the owner of its SOA record. */
public final class ZoneFile {
    private static final int MAX_CNAMES = 1;

    private final Path file;
    private final Map<Name, Map<Integer, Records>> names = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * What a file holds.
     *
     * @param warnings what is not served as somebody may expect, each one line
     */
    public record Loaded(Zone zone, List<String> warnings) {}

    private static final class Records {
        private final List<byte[]> data = new ArrayList<>();
        private long ttl = Long.MAX_VALUE;
        /** The data with its names in lower case, once there is more than one. */
        private final Set<ByteBuffer> canonical = new HashSet<>(0);

        private @Nullable Record first;
        /** Of the records that are to be alone; nobody asks for the others. */
        private final List<MasterFile.Place> places = new ArrayList<>(0);

        /** RFC 2181 §5: a record that is said twice is one. The case of names does not tell records apart. */
        private boolean isKnown(Record record) {
            if (first == null) {
                first = record;
                return false;
            }
            if (canonical.isEmpty()) {
                canonical.add(ByteBuffer.wrap(first.rdataToWireCanonical()));
            }
            return !canonical.add(ByteBuffer.wrap(record.rdataToWireCanonical()));
        }
    }

    private ZoneFile(Path file) {
        this.file = file;
    }

    /** Throws with one line that begins with file and line, if the file cannot be served as it is. */
    public static Loaded load(Path file) throws IOException {
        return load(file, opened -> {});
    }

    /** The same; {@code opened} is told of each file before it is read: this one, and those that it includes. */
    public static Loaded load(Path file, Consumer<Path> opened) throws IOException {
        return new ZoneFile(file).load(opened);
    }

    private Loaded load(Consumer<Path> opened) throws IOException {
        new MasterFile(this::add, opened).read(file, initialOrigin());
        return new Loaded(build(soaOwner()), List.copyOf(warnings));
    }

    /** Until the file says {@code $ORIGIN}, relative names belong to the zone that the file is named after. */
    private org.xbill.DNS.Name initialOrigin() {
        String fileName = String.valueOf(file.getFileName());
        try {
            return org.xbill.DNS.Name.fromString(fileName.replaceFirst("\\.zone$", ""), org.xbill.DNS.Name.root);
        } catch (TextParseException e) {
            return org.xbill.DNS.Name.root;
        }
    }

    private void add(Record record, MasterFile.Place place) throws IOException {
        byte[] wire;
        try {
            // Uncompressed and in its own case: owner, type, class, TTL, length, data.
            wire = record.toWire(Section.ANSWER);
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": the data is longer than 65,535 octets", e);
        }
        Name owner = Name.ofWire(wire, 0);
        int fixed = owner.length();
        int type = Wire.u16(wire, fixed);
        Records records =
                names.computeIfAbsent(owner, name -> new TreeMap<>()).computeIfAbsent(type, key -> new Records());
        // RFC 2181 §5.2: the TTLs of a set are equal; where a file says otherwise the least is safe.
        records.ttl = Math.min(records.ttl, Wire.u32(wire, fixed + 4));
        if (records.isKnown(record)) {
            return;
        }
        records.data.add(Arrays.copyOfRange(wire, fixed + 10, wire.length));
        if (isSingle(type)) {
            records.places.add(place);
        }
    }

    private static boolean isSingle(int type) {
        return type == Type.CNAME || type == Type.DNAME || type == Type.SOA;
    }

    private Name soaOwner() throws IOException {
        List<Name> owners = names.entrySet().stream()
                .filter(entry -> entry.getValue().containsKey(Type.SOA))
                .map(Map.Entry::getKey)
                .toList();
        if (owners.isEmpty()) {
            throw new IOException(file + ": no SOA record; a zone has exactly one, and its owner is the zone's name");
        }
        if (owners.size() > 1) {
            throw fault(
                    owners.get(1),
                    Type.SOA,
                    1,
                    "SOA records of several names; a zone has exactly one, and its owner is the zone's name");
        }
        return owners.get(0);
    }

    private Zone build(Name origin) throws IOException {
        Zone.Edit edit = Zone.create(origin);
        // Names above come first: what a cut hides is known when the nodes below it are made.
        List<Name> sorted = names.keySet().stream()
                .sorted(Comparator.comparingInt(Name::length))
                .toList();
        for (Name name : sorted) {
            if (!name.isWithin(origin)) {
                warnings.add(file + ": " + name + " is outside the zone " + origin + " and was left out");
                continue;
            }
            edit.put(name, rrsets(name));
        }
        if (names.getOrDefault(origin, Map.of()).containsKey(Type.DNSKEY)) {
            warnings.add(
                    file + ": " + origin + " is signed, but its signatures and NSEC records are only given to who asks"
                            + " for that type; a resolver that validates refuses the zone as long as its parent has a DS record");
        }
        return edit.build();
    }

    private List<Rrset> rrsets(Name name) throws IOException {
        Map<Integer, Records> types = names.getOrDefault(name, Map.of());
        List<Rrset> rrsets = new ArrayList<>(types.size());
        types.forEach((type, records) -> rrsets.add(Rrset.of(type, records.ttl, records.data)));
        for (Rrset rrset : rrsets) {
            if (isSingle(rrset.type()) && rrset.size() > MAX_CNAMES) {
                throw fault(name, rrset.type(), 2, name + " has several CNAME, DNAME or SOA records; it can have one");
            }
            if (rrset.type() == Type.CNAME && rrsets.size() > 1 && !onlySigned(rrsets)) {
                throw fault(
                        name,
                        rrset.type(),
                        1,
                        name + " has a CNAME and other records; an alias can have nothing else (RFC 2181)");
            }
        }
        return rrsets;
    }

    /** At the place of the record of that type, the {@code occurrence}th of its name. */
    private IOException fault(Name name, int type, int occurrence, String reason) {
        List<MasterFile.Place> places = names.getOrDefault(name, Map.of()).getOrDefault(type, new Records()).places;
        return places.size() < occurrence
                ? new IOException(file + ": " + reason)
                : places.get(occurrence - 1).fault(reason);
    }

    private static boolean onlySigned(List<Rrset> rrsets) {
        return rrsets.stream()
                .allMatch(
                        rrset -> rrset.type() == Type.CNAME || rrset.type() == Type.RRSIG || rrset.type() == Type.NSEC);
    }
}
