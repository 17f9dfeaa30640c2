package directory.thisdcos.l4lb.dns.wire;

import java.nio.charset.StandardCharsets;

/** Reasons that go along with an rcode (RFC 8914); systemd-resolved keeps its EDNS level on a SERVFAIL that has one. */
public enum ExtendedError {
    STALE(3, "no upstream answers; this is what one said before"),
    NOT_READY(14, "the table is not loaded yet"),
    PROHIBITED(18, "recursion is for local clients"),
    TRANSFER_PROHIBITED(18, "transfers are for configured clients"),
    NOT_AUTHORITATIVE(20, "no zone here and no recursion"),
    NO_REACHABLE_AUTHORITY(22, "no upstream answered in time"),
    NETWORK_ERROR(23, "no upstream could be reached"),
    INVALID_DATA(24, "the upstream answered with what is no answer"),
    OVERLOADED(0, "too many queries wait for upstreams"),
    LOOP(0, "the upstream sends queries back to us");

    // Written once, below.
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] option;

    ExtendedError(int code, String text) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        option = new byte[6 + words.length];
        Wire.put16(option, 0, EdnsOption.EXTENDED_ERROR);
        Wire.put16(option, 2, 2 + words.length);
        Wire.put16(option, 4, code);
        System.arraycopy(words, 0, option, 6, words.length);
    }

    /** The whole option as it stands in an OPT record; not to be changed. */
    public byte[] option() {
        return option;
    }
}
