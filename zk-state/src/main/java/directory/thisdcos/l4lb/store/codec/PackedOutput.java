package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the elements of a packed record: numbers of 7 bits an octet with the least significant first (LEB128), addresses
 * of 5 or 17 octets, and texts, of which those that may repeat are written once.
 */
final class PackedOutput {
    private static final int FIRST_BYTES = 16 * 1024;

    private final Map<String, Integer> known = new HashMap<>();
    private byte[] octets = new byte[FIRST_BYTES];
    private int length;

    byte[] toByteArray() {
        return Arrays.copyOf(octets, length);
    }

    void octet(int value) {
        room(1);
        octets[length++] = (byte) value;
    }

    /** @param value unsigned, 1 to 10 octets */
    void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octets[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[length++] = (byte) rest;
    }

    void ip(Ip ip) {
        byte[] value = ip.octets();
        octet(value.length);
        room(value.length);
        System.arraycopy(value, 0, octets, length, value.length);
        length += value.length;
    }

    /**
     * Its length in UTF-16 units, twice, plus one if a unit of it takes two octets: labels may hold lone surrogates, which
     * UTF-8 has not.
     */
    void text(String text) throws BadRecordException {
        if (text.length() > Json.MAX_STRING) {
            throw new BadRecordException(
                    "a text of " + text.length() + " characters is longer than the limit of " + Json.MAX_STRING);
        }
        boolean wide = text.chars().anyMatch(unit -> unit > 0xff);
        byte[] units = wide ? units(text) : text.getBytes(StandardCharsets.ISO_8859_1);
        number(2L * text.length() + (wide ? 1 : 0));
        room(units.length);
        System.arraycopy(units, 0, octets, length, units.length);
        length += units.length;
    }

    /** UTF-16 as it is: a charset's encoder would replace lone surrogates. */
    private static byte[] units(String text) {
        byte[] units = new byte[2 * text.length()];
        for (int i = 0; i < text.length(); i++) {
            units[2 * i] = (byte) (text.charAt(i) >> 8);
            units[2 * i + 1] = (byte) text.charAt(i);
        }
        return units;
    }

    /** A text that may repeat: 0 and the text, or the place at which it was written first, from 1. */
    void sharedText(String text) throws BadRecordException {
        Integer place = known.get(text);
        number(place == null ? 0 : place);
        if (place == null) {
            text(text);
            known.put(text, known.size() + 1);
        }
    }

    private void room(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
        }
    }
}
