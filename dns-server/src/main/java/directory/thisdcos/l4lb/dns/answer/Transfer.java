package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Query;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Node;
import directory.thisdcos.l4lb.dns.zone.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one outgoing zone transfer, made one by one as the client takes them: all of a zone (RFC 5936), or
 * what changed since the client's version (RFC 1995). For one thread at a time.
 */
public final class Transfer implements Iterator<byte[]> {
    private static final int MESSAGE = 16_384;

    /** One record of a set. */
    private record Item(Name owner, Rrset rrset, int index) {}

    private final Query query = new Query();
    private final ResponseWriter writer = new ResponseWriter();
    private final Iterator<Item> items;
    private final Optional<Signature> signature;
    private final byte[] opt;
    private @Nullable Item next;
    private boolean first = true;

    private Transfer(byte[] request, Stream<Item> items, Optional<Signature> signature, byte[] opt) {
        query.parse(request, request.length);
        this.items = items.iterator();
        this.signature = signature;
        this.opt = opt;
        this.next = this.items.next();
    }

    /** Every record of the zone, between two copies of its SOA. */
    static Transfer whole(byte[] request, Zone zone, Optional<Signature> signature, byte[] opt) {
        Stream<Item> soa = Stream.of(new Item(zone.origin(), zone.soa(), 0));
        Stream<Item> rest = zone.nodes()
                .flatMap(node -> items(node, node.rrsets()))
                .filter(item -> item.rrset().type() != Type.SOA);
        return new Transfer(
                request,
                Stream.of(soa, rest, Stream.of(new Item(zone.origin(), zone.soa(), 0)))
                        .flatMap(part -> part),
                signature,
                opt);
    }

    /** Only the SOA: the client has this version, or cannot take more over UDP. */
    static Transfer soaOnly(byte[] request, Zone zone, Optional<Signature> signature, byte[] opt) {
        return new Transfer(request, Stream.of(new Item(zone.origin(), zone.soa(), 0)), signature, opt);
    }

    /** What leads from {@code before} to {@code zone}, as one difference sequence. */
    static Transfer difference(byte[] request, Zone before, Zone zone, Optional<Signature> signature, byte[] opt) {
        List<Item> removed = new ArrayList<>();
        List<Item> added = new ArrayList<>();
        zone.forEachDifference(before, (was, is) -> {
            addMissing(removed, was, is);
            addMissing(added, is, was);
        });
        List<Item> all = new ArrayList<>(removed.size() + added.size() + 4);
        Item newSoa = new Item(zone.origin(), zone.soa(), 0);
        all.add(newSoa);
        all.add(new Item(zone.origin(), before.soa(), 0));
        all.addAll(removed);
        all.add(newSoa);
        all.addAll(added);
        all.add(newSoa);
        return new Transfer(request, all.stream(), signature, opt);
    }

    /** The records of {@code from} that {@code other} has not. */
    private static void addMissing(List<Item> list, @Nullable Node from, @Nullable Node other) {
        if (from == null) {
            return;
        }
        for (Rrset rrset : from.rrsets()) {
            if (rrset.type() == Type.SOA) {
                continue;
            }
            Rrset there = other == null ? null : other.get(rrset.type());
            for (int i = 0; i < rrset.size(); i++) {
                if (there == null || there.ttl() != rrset.ttl() || !has(there, rrset.data(i))) {
                    list.add(new Item(from.name(), rrset, i));
                }
            }
        }
    }

    private static boolean has(Rrset rrset, byte[] data) {
        for (int i = 0; i < rrset.size(); i++) {
            if (Arrays.equals(rrset.data(i), data)) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Item> items(Node node, List<Rrset> rrsets) {
        return rrsets.stream()
                .flatMap(rrset -> java.util.stream.IntStream.range(0, rrset.size())
                        .mapToObj(index -> new Item(node.name(), rrset, index)));
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public byte[] next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        // A record larger than a message's usual size gets one of its own.
        int limit = Math.max(MESSAGE, next.rrset().wire().length + 2 * Wire.MAX_NAME + Wire.HEADER);
        byte[] out = new byte[Math.min(limit, Wire.MAX_MESSAGE) + ResponseWriter.SLACK + Signature.MAX_SIZE];
        int room = Math.min(limit, Wire.MAX_MESSAGE - Signature.MAX_SIZE) - opt.length;
        if (first) {
            writer.begin(query, out, room);
        } else {
            writer.beginWithoutQuestion(out, room);
        }
        writer.section(ResponseWriter.Section.ANSWER);
        int written = 0;
        while (next != null && writer.addOne(next.owner(), next.rrset(), next.index())) {
            next = items.hasNext() ? items.next() : null;
            written++;
        }
        if (written == 0) {
            throw new IllegalStateException("a record of " + opt.length + " octets beside it fits no message");
        }
        int size = writer.finish(query.id(), Wire.AA, Rcode.NOERROR, opt, first ? opt.length : 0);
        first = false;
        int signed = signature.isPresent() ? signature.get().sign(out, size) : size;
        return Arrays.copyOf(out, signed);
    }
}
