package directory.thisdcos.l4lb.dns.wire;

import org.jspecify.annotations.Nullable;

/**
 * Writes one response: question, records section by section, then OPT and header. Only whole records are written; what
 * does not fit is left out and can be told by TC (RFC 2181 §9; stub resolvers without TCP live on what did fit). Mutable,
 * used again for each message, for one thread.
 */
public final class ResponseWriter {

    /** Octets that an output array needs beyond the limit, so that a record can be tried before it is compressed. */
    public static final int SLACK = 1024;

    /** A section of the message after the question. */
    public enum Section {
        ANSWER(0),
        AUTHORITY(1),
        ADDITIONAL(2);

        private final int index;

        Section(int index) {
            this.index = index;
        }
    }

    private static final byte[] NOTHING = {};

    private final NameCompressor names = new NameCompressor();
    private final int[] counts = new int[3];
    private byte[] out = NOTHING;
    private int limit;
    private int at;
    private int section;
    private boolean truncated;
    private boolean questionNoted;
    private @Nullable Query query;
    private @Nullable Renaming renaming;

    /**
     * Begins a response with the question as it was sent, if there is a readable one.
     *
     * @param maxSize octets that records may fill up to; the caller has taken off what OPT will need
     */
    public void begin(Query request, byte[] output, int maxSize) {
        beginWithoutQuestion(output, maxSize);
        query = request;
        if (request.hasQuestion()) {
            at = request.questionEnd();
            System.arraycopy(request.packet(), Wire.HEADER, out, Wire.HEADER, at - Wire.HEADER);
        }
    }

    /** Begins a response of which only the header can be sent. */
    public void beginWithoutQuestion(byte[] output, int maxSize) {
        out = output;
        limit = maxSize;
        at = Wire.HEADER;
        section = 0;
        counts[0] = 0;
        counts[1] = 0;
        counts[2] = 0;
        truncated = false;
        questionNoted = false;
        query = null;
        renaming = null;
        names.clear();
    }

    /** Writes names below {@code real} as if they stood below {@code shown}, until the next response. */
    public void rename(Name real, Name shown) {
        renaming = new Renaming(real, shown);
    }

    /** Records go to this section from now on. */
    public void section(Section next) {
        section = next.index;
    }

    /** Marks the response as incomplete. */
    public void truncate() {
        truncated = true;
    }

    /**
     * Adds records owned by the question's name, beginning with record {@code first}, as many as fit.
     *
     * @return whether all did
     */
    public boolean addAtQuestion(Rrset rrset, int first) {
        int type = rrset.type();
        if (NameFields.isCompressible(type) || (renaming != null && NameFields.prefix(type) >= 0)) {
            return addNamed(null, rrset, first);
        }
        byte[] wire = rrset.wire();
        if (at + wire.length <= limit) {
            int split = rrset.start(first);
            System.arraycopy(wire, split, out, at, wire.length - split);
            System.arraycopy(wire, 0, out, at + wire.length - split, split);
            at += wire.length;
            counts[section] += rrset.size();
            return true;
        }
        for (int i = 0; i < rrset.size(); i++) {
            int index = (first + i) % rrset.size();
            int size = rrset.start(index + 1) - rrset.start(index);
            if (at + size > limit) {
                return false;
            }
            System.arraycopy(wire, rrset.start(index), out, at, size);
            at += size;
            counts[section]++;
        }
        return true;
    }

    /** Adds a prepared record whose owner is an ancestor of the question's name: one copy and one pointer. */
    public boolean addAtSuffix(int label, Rrset rrset) {
        NameView name = name();
        if (renaming != null) {
            throw new IllegalStateException("the question's suffixes are not those of the zone");
        }
        if (label == name.labels()) {
            return addNamed(Name.ROOT, rrset, 0);
        }
        int from = at;
        if (!addPlain(rrset)) {
            return false;
        }
        Wire.put16(out, from, 0xc000 | (Wire.HEADER + name.start(label)));
        return true;
    }

    private boolean addPlain(Rrset rrset) {
        byte[] wire = rrset.wire();
        if (at + wire.length > limit) {
            return false;
        }
        System.arraycopy(wire, 0, out, at, wire.length);
        at += wire.length;
        counts[section] += rrset.size();
        return true;
    }

    /** Adds records of any owner, names compressed, as many as fit; whether all did. */
    public boolean add(Name owner, Rrset rrset, int first) {
        return addNamed(owner, rrset, first);
    }

    /** Adds records of any owner, all or none; whether they were added. */
    public boolean addWhole(Name owner, Rrset rrset) {
        int mark = names.size();
        int from = at;
        int count = counts[section];
        if (addNamed(owner, rrset, 0)) {
            return true;
        }
        names.rollback(mark);
        at = from;
        counts[section] = count;
        return false;
    }

    /** Adds one record of a set, if it fits. */
    public boolean addOne(Name owner, Rrset rrset, int index) {
        int mark = names.size();
        int next = tryRecord(owner, rrset, index);
        if (next < 0) {
            names.rollback(mark);
            return false;
        }
        at = next;
        counts[section]++;
        return true;
    }

    private boolean addNamed(@Nullable Name owner, Rrset rrset, int first) {
        if (!questionNoted && query != null && query.hasQuestion()) {
            names.note(query.name(), Wire.HEADER);
            questionNoted = true;
        }
        for (int i = 0; i < rrset.size(); i++) {
            int mark = names.size();
            int next = tryRecord(owner, rrset, (first + i) % rrset.size());
            if (next < 0) {
                names.rollback(mark);
                return false;
            }
            at = next;
            counts[section]++;
        }
        return true;
    }

    private int tryRecord(@Nullable Name owner, Rrset rrset, int index) {
        byte[] wire = rrset.wire();
        int dataFrom = rrset.dataStart(index);
        int dataSize = rrset.start(index + 1) - dataFrom;
        if (at + dataSize + 2 * Wire.MAX_NAME > limit + SLACK) {
            return -1;
        }
        int next = at;
        if (owner == null) {
            Wire.put16(out, next, 0xc000 | Wire.HEADER);
            next += 2;
        } else {
            next = renaming == null
                    ? names.write(owner.wire(), 0, out, next)
                    : names.write(renaming.apply(owner.wire(), 0), 0, out, next);
        }
        System.arraycopy(wire, rrset.start(index) + 2, out, next, 8);
        int data = next + 10;
        next = data(rrset.type(), wire, dataFrom, dataSize, data);
        Wire.put16(out, data - 2, next - data);
        return next > limit ? -1 : next;
    }

    private int data(int type, byte[] wire, int from, int size, int to) {
        boolean compress = NameFields.isCompressible(type);
        int count = compress || renaming != null ? NameFields.count(type) : 0;
        int prefix = count == 0 ? 0 : NameFields.prefix(type);
        System.arraycopy(wire, from, out, to, prefix);
        int source = from + prefix;
        int next = to + prefix;
        for (int i = 0; i < count; i++) {
            next = name(wire, source, next, compress);
            source = RecordScan.skipName(wire, source, wire.length);
        }
        int rest = from + size - source;
        System.arraycopy(wire, source, out, next, rest);
        return next + rest;
    }

    private int name(byte[] wire, int source, int to, boolean compress) {
        if (renaming == null) {
            return names.write(wire, source, out, to);
        }
        byte[] renamed = renaming.apply(wire, source);
        if (compress) {
            return names.write(renamed, 0, out, to);
        }
        System.arraycopy(renamed, 0, out, to, renamed.length);
        return to + renamed.length;
    }

    private NameView name() {
        if (query == null) {
            throw new IllegalStateException("no question");
        }
        return query.name();
    }

    /** Takes a finished response back to its question, with TC set; returns the new size. */
    public int cut(int size) {
        boolean withQuestion = Wire.u16(out, 4) == 1 && query != null;
        out[2] |= (byte) (Wire.TC >>> 8);
        java.util.Arrays.fill(out, 6, Wire.HEADER, (byte) 0);
        return withQuestion && query != null ? query.questionEnd() : Math.min(size, Wire.HEADER);
    }

    /** Octets so far, without what {@link #finish} will add. */
    public int size() {
        return at;
    }

    /**
     * Ends the response and returns its size.
     *
     * @param opt an OPT record, of which {@code optSize} octets count; its extended rcode is set here
     */
    public int finish(int id, int flags, Rcode rcode, byte[] opt, int optSize) {
        if (optSize > 0) {
            System.arraycopy(opt, 0, out, at, optSize);
            out[at + 5] = (byte) (rcode.value() >>> 4);
            at += optSize;
            counts[Section.ADDITIONAL.index]++;
        }
        Wire.put16(out, 0, id);
        Wire.put16(out, 2, Wire.QR | flags | (truncated ? Wire.TC : 0) | (rcode.value() & 0xf));
        Wire.put16(out, 4, query != null && query.hasQuestion() ? 1 : 0);
        for (int i = 0; i < counts.length; i++) {
            Wire.put16(out, 6 + 2 * i, counts[i]);
        }
        return at;
    }
}
