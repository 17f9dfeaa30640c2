package directory.thisdcos.l4lb.source.mesos;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Splits a body into its records: the length in octets as decimal digits, a line feed, and so many octets (Mesos,
 * docs/recordio.md). A record is read as a stream, so that its size costs no memory. For one thread.
 */
final class RecordIo {

    /** A state of 100,000 tasks has 50 to 500 MB. */
    static final long DEFAULT_MAX_OCTETS = 2L << 30;

    /** Digits of {@link Long#MAX_VALUE}; more of them are no length. */
    private static final int MAX_DIGITS = 18;

    private static final int BUFFER_OCTETS = 64 << 10;

    private final InputStream in;
    private final long maxOctets;
    private OneRecord open = new OneRecord(0);

    RecordIo(InputStream in, long maxOctets) {
        this.in = new BufferedInputStream(in, BUFFER_OCTETS);
        this.maxOctets = maxOctets;
    }

    /**
     * The next record, or empty at the end of the body; what was not read of the one before is skipped.
     *
     * @throws RecordIoException if what comes is no record
     * @throws EOFException if the body ended within a record
     */
    Optional<InputStream> next() throws IOException {
        open.skipRest();
        long length = length();
        if (length < 0) {
            return Optional.empty();
        }
        open = new OneRecord(length);
        return Optional.of(open);
    }

    private long length() throws IOException {
        long length = 0;
        int digits = 0;
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                if (digits == 0) {
                    return -1;
                }
                throw new EOFException("the stream ended within the length of a record");
            }
            if (octet < '0' || octet > '9') {
                throw new RecordIoException("expected the length of a record in decimal digits, found " + shown(octet));
            }
            if (++digits > MAX_DIGITS) {
                throw new RecordIoException("the length of a record has more than " + MAX_DIGITS + " digits");
            }
            length = 10 * length + octet - '0';
        }
        if (digits == 0) {
            throw new RecordIoException("the length of a record has no digits");
        }
        if (length > maxOctets) {
            throw new RecordIoException("a record of " + length + " octets; the limit is " + maxOctets);
        }
        return length;
    }

    private static String shown(int octet) {
        return octet > 0x20 && octet < 0x7f ? "'" + (char) octet + "'" : String.format("octet 0x%02x", octet);
    }

    private final class OneRecord extends InputStream {
        private long left;

        OneRecord(long length) {
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int octet = in.read();
            if (octet < 0) {
                throw cut();
            }
            left--;
            return octet;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw cut();
            }
            left -= count;
            return count;
        }

        void skipRest() throws IOException {
            while (left > 0) {
                long skipped = in.skip(left);
                if (skipped == 0 && in.read() < 0) {
                    throw cut();
                }
                left -= Math.max(1, skipped);
            }
        }

        private EOFException cut() {
            return new EOFException("the stream ended within a record, " + left + " octets before its end");
        }
    }
}
