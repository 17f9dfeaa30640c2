package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Wire;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/** The signature of one request, and the signing of what answers it (RFC 8945). For one thread. */
final class Signature {
    /** Octets that a TSIG record may need: two names, the longest MAC, and the fixed fields. */
    static final int MAX_SIZE = 2 * Wire.MAX_NAME + 64 + 32;

    private final @Nullable TSIG key;
    private final int id;
    private final TSIGRecord request;
    private final int error;
    private @Nullable TSIGRecord last;

    private Signature(@Nullable TSIG key, int id, TSIGRecord request, int error) {
        this.key = key;
        this.id = id;
        this.request = request;
        this.error = error;
    }

    /** Verifies a request that the strict parser has accepted; empty if the record itself cannot be read. */
    static Optional<Signature> verify(byte[] request, TsigKeys keys) {
        Message message;
        try {
            message = new Message(request);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        TSIGRecord record = message.getTSIG();
        if (record == null) {
            return Optional.empty();
        }
        TSIG key = keys.find(record.getName()).orElse(null);
        int error = key == null ? Rcode.BADKEY : key.verify(message, request, null);
        return Optional.of(new Signature(key, message.getHeader().getID(), record, error));
    }

    boolean isValid() {
        return error == Rcode.NOERROR;
    }

    /** Octets that {@link #sign} will add, or a few less. */
    int size() {
        return key == null ? 0 : key.recordLength();
    }

    /**
     * Appends a TSIG record to the message of {@code size} octets, with room for {@link #MAX_SIZE} more, and returns the
     * new size. A message after the first is chained to the one before it.
     */
    int sign(byte[] bytes, int size) {
        TSIGRecord record = record(java.util.Arrays.copyOf(bytes, size));
        last = record;
        byte[] wire = record.toWire(Section.ADDITIONAL);
        System.arraycopy(wire, 0, bytes, size, wire.length);
        Wire.put16(bytes, 10, Wire.u16(bytes, 10) + 1);
        return size + wire.length;
    }

    private TSIGRecord record(byte[] message) {
        // RFC 8945 §5.2: without the right key there is nothing to sign with.
        if (key == null || error == Rcode.BADSIG || error == Rcode.BADKEY) {
            return new TSIGRecord(
                    request.getName(),
                    org.xbill.DNS.DClass.ANY,
                    0,
                    request.getAlgorithm(),
                    request.getTimeSigned(),
                    request.getFudge(),
                    new byte[0],
                    id,
                    error,
                    new byte[0]);
        }
        Message header = new Message(id);
        return last == null
                ? key.generate(header, message, error, request)
                : key.generate(header, message, error, last, false);
    }
}
