package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Master;
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
     * @param warnings what was left out, each one line
     */
    public record Loaded(Zone zone, List<String> warnings) {}

    private static final class Records {
        private final List<byte[]> data = new ArrayList<>();
        private long ttl = Long.MAX_VALUE;
    }

    private ZoneFile(Path file) {
        this.file = file;
    }

    /** Throws with one line that begins with file and line, if the file cannot be served as it is. */
    public static Loaded load(Path file) throws IOException {
        return new ZoneFile(file).load();
    }

    private Loaded load() throws IOException {
        try (Master master = new Master(file.toString(), initialOrigin())) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                add(record);
            }
        } catch (TextParseException e) {
            // The tokenizer's message is "FILE:LINE: reason".
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
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

    private void add(Record record) {
        // Uncompressed and in its own case: owner, type, class, TTL, length, data.
        byte[] wire = record.toWire(Section.ANSWER);
        Name owner = Name.ofWire(wire, 0);
        int fixed = owner.length();
        if (Wire.u16(wire, fixed + 2) != Wire.IN) {
            warnings.add(file + ": " + owner + ": a record that is not of class IN was left out");
            return;
        }
        Records records = names.computeIfAbsent(owner, name -> new TreeMap<>())
                .computeIfAbsent(Wire.u16(wire, fixed), type -> new Records());
        // RFC 2181 §5.2: the TTLs of a set are equal; where a file says otherwise the least is safe.
        records.ttl = Math.min(records.ttl, Wire.u32(wire, fixed + 4));
        records.data.add(java.util.Arrays.copyOfRange(wire, fixed + 10, wire.length));
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
        return edit.build();
    }

    private List<Rrset> rrsets(Name name) throws IOException {
        Map<Integer, Records> types = names.getOrDefault(name, Map.of());
        List<Rrset> rrsets = new ArrayList<>(types.size());
        types.forEach((type, records) -> rrsets.add(Rrset.of(type, records.ttl, records.data)));
        for (Rrset rrset : rrsets) {
            boolean single = rrset.type() == Type.CNAME || rrset.type() == Type.DNAME || rrset.type() == Type.SOA;
            if (single && rrset.size() > MAX_CNAMES) {
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

    private IOException fault(Name name, int type, int occurrence, String reason) {
        int line = LineFinder.find(file, initialOrigin(), name, type, occurrence);
        return new IOException(file + (line > 0 ? ":" + line : "") + ": " + reason);
    }

    private static boolean onlySigned(List<Rrset> rrsets) {
        return rrsets.stream()
                .allMatch(
                        rrset -> rrset.type() == Type.CNAME || rrset.type() == Type.RRSIG || rrset.type() == Type.NSEC);
    }
}
