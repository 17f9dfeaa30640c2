package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.BackendsBuilder;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link PackedOutput} writes; octets that it cannot have written are a {@link BadRecordException}. */
final class PackedInput {
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;
    private static final int MAX_PORT = 65_535;

    private final byte[] octets;
    private final SharedValues shared;
    private final List<String> known = new ArrayList<>();
    private int at;

    /**
     * @param from where the first element begins
     * @param shared what other records hold too; the reader adds to it
     */
    PackedInput(byte[] octets, int from, SharedValues shared) {
        this.octets = octets;
        this.at = from;
        this.shared = shared;
    }

    /** Reads one element of a list. */
    interface Element<T> {
        T read() throws IOException;
    }

    int octet() throws BadRecordException {
        need(1);
        return octets[at++] & 0xff;
    }

    long number() throws BadRecordException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new BadRecordException("a number is longer than 64 bits");
    }

    /** @param max largest value that is right */
    int smallNumber(int max) throws BadRecordException {
        long value = number();
        if (value < 0 || value > max) {
            throw new BadRecordException(Long.toUnsignedString(value) + " is not within 0-" + max);
        }
        return (int) value;
    }

    Ip ip() throws BadRecordException {
        int size = ipOctets();
        return Ip.of(octets, at - size, size);
    }

    /** Passes over an address and says how long it is. */
    private int ipOctets() throws BadRecordException {
        int size = octet();
        if (size != IPV4_OCTETS && size != IPV6_OCTETS) {
            throw new BadRecordException("an address has 4 or 16 octets, not " + size);
        }
        need(size);
        at += size;
        return size;
    }

    /** An address and a port, of a backend or of its container. */
    void endpoint(BackendsBuilder backends, boolean isContainer) throws BadRecordException {
        int size = ipOctets();
        int place = at - size;
        int port = smallNumber(MAX_PORT);
        if (isContainer) {
            backends.container(octets, place, size, port);
        } else {
            backends.address(octets, place, size, port);
        }
    }

    /** The text that names a backend's task. */
    void task(BackendsBuilder backends) throws BadRecordException {
        int mark = smallNumber(2 * Json.MAX_STRING + 1);
        boolean wide = (mark & 1) != 0;
        int size = wide ? (mark >> 1) * 2 : mark >> 1;
        need(size);
        backends.task(octets, at, size, wide);
        at += size;
    }

    String text() throws BadRecordException {
        int mark = smallNumber(2 * Json.MAX_STRING + 1);
        boolean wide = (mark & 1) != 0;
        int units = mark >> 1;
        need(wide ? 2 * units : units);
        if (!wide) {
            at += units;
            return new String(octets, at - units, units, StandardCharsets.ISO_8859_1);
        }
        char[] chars = new char[units];
        for (int i = 0; i < units; i++, at += 2) {
            chars[i] = (char) ((octets[at] << 8) | (octets[at + 1] & 0xff));
        }
        return new String(chars);
    }

    /** A text that other records may hold too; all of them get one object. */
    String sharedText() throws BadRecordException {
        return repeatedText(true);
    }

    /** A text that this record may hold again, but others hardly: to look for it among those of all takes longer. */
    String repeatedText() throws BadRecordException {
        return repeatedText(false);
    }

    private String repeatedText(boolean isShared) throws BadRecordException {
        int place = smallNumber(known.size());
        if (place > 0) {
            return known.get(place - 1);
        }
        String text = text();
        known.add(isShared ? shared.text(text) : text);
        return known.get(known.size() - 1);
    }

    /** Each element takes an octet at least, so no count makes a list longer than the record. */
    int listSize() throws BadRecordException {
        return smallNumber(octets.length - at);
    }

    <T> List<T> list(Element<T> element) throws IOException {
        int size = listSize();
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(element.read());
        }
        return list;
    }

    void end() throws BadRecordException {
        if (at != octets.length) {
            throw new BadRecordException("more octets after the end of the record");
        }
    }

    private void need(int more) throws BadRecordException {
        if (octets.length - at < more) {
            throw new BadRecordException("the record ends at octet " + octets.length + ", within an element");
        }
    }
}
