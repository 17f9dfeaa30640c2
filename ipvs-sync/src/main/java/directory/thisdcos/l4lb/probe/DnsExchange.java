package directory.thisdcos.l4lb.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks for the addresses of a name (RFC 1035, section 4). */
final class DnsExchange {
    private static final int HEADER_OCTETS = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x80;
    private static final int RCODE = 0x0f;
    private static final int NXDOMAIN = 3;
    private static final int TYPE_A = 1;
    private static final int CLASS_IN = 1;
    private static final int MAX_LABEL = 63;

    private DnsExchange() {}

    /** @param name the root if empty */
    static DatagramExchange of(String name, Verdict verdict) {
        int id = CheckExchange.randomId();
        return new DatagramExchange(query(id, name), Optional.of(answer -> fault(id, answer)), verdict);
    }

    private static ByteBuf query(int id, String name) {
        ByteBuf query = Unpooled.buffer();
        query.writeShort(id).writeShort(RECURSION_DESIRED).writeShort(1).writeZero(6);
        for (String label : name.split("\\.", -1)) {
            if (!label.isEmpty()) {
                byte[] octets = label.getBytes(StandardCharsets.US_ASCII);
                int length = Math.min(octets.length, MAX_LABEL);
                query.writeByte(length).writeBytes(octets, 0, length);
            }
        }
        return query.writeByte(0).writeShort(TYPE_A).writeShort(CLASS_IN);
    }

    private static Optional<String> fault(int id, ByteBuf answer) {
        if (answer.readableBytes() < HEADER_OCTETS
                || answer.getUnsignedShort(answer.readerIndex()) != id
                || (answer.getByte(answer.readerIndex() + 2) & RESPONSE) == 0) {
            return Optional.of("the answer is not DNS");
        }
        int rcode = answer.getByte(answer.readerIndex() + 3) & RCODE;
        return rcode == 0 || rcode == NXDOMAIN ? Optional.empty() : Optional.of("DNS response code " + rcode);
    }
}
