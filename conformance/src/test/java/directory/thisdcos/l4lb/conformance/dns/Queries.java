package directory.thisdcos.l4lb.conformance.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Makes queries. */
final class Queries {
    private static final int EDNS_SIZE = 1232;

    private Queries() {}

    /** How a query is dressed. */
    enum Form {
        PLAIN,
        RECURSION_DESIRED,
        EDNS,
        DNSSEC_OK
    }

    static byte[] of(String name, String type, int id, Form form) {
        return of(new RandomZone.Question(name, type, "IN"), id, form);
    }

    static byte[] of(RandomZone.Question question, int id, Form form) {
        try {
            Name name = question.name().isEmpty() ? Name.root : Name.fromString(question.name(), Name.root);
            Message query = Message.newQuery(
                    Record.newRecord(name, Type.value(question.type()), DClass.value(question.qclass())));
            query.getHeader().setID(id);
            if (form != Form.RECURSION_DESIRED) {
                query.getHeader().unsetFlag(Flags.RD);
            }
            if (form == Form.EDNS || form == Form.DNSSEC_OK) {
                int flags = form == Form.DNSSEC_OK ? ExtendedFlags.DO : 0;
                query.addRecord(new OPTRecord(EDNS_SIZE, 0, 0, flags), Section.ADDITIONAL);
            }
            return query.toWire();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One to three octets changed, mostly in the header; or else the end cut off or grown. The id stays. */
    static byte[] damaged(byte[] query, Random random) {
        if (random.nextInt(6) == 0) {
            return Arrays.copyOf(query, 2 + random.nextInt(query.length + 6));
        }
        byte[] damaged = query.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = 2 + random.nextInt(Math.min(query.length - 2, random.nextBoolean() ? 10 : query.length));
            damaged[at] = (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt(256));
        }
        return damaged;
    }

    /** The response code, with the flag AA left out: what a damaged query means is a matter of taste beyond that. */
    static String rcode(Optional<byte[]> answer) {
        return answer.filter(bytes -> bytes.length >= 12)
                .map(bytes -> Rcode.string(bytes[3] & 0xf))
                .orElse("none");
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
