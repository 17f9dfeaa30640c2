package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.util.Arrays;

/**
 * What we ask an upstream: the client's question under an id of our own. None of the client's options go along: cookies
 * are between two hosts (RFC 7873), and a client's subnet is nobody's affair.
 */
// Made and read on the way of one query; compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record UpstreamQuery(int id, boolean withEdns, byte[] bytes) {

    static UpstreamQuery of(DeferredQuery query, int id, boolean withEdns) {
        byte[] opt = new byte[16];
        int optSize = withEdns ? OptText.begin(opt, query.dnssecOk()) : 0;
        byte[] question = query.question();
        byte[] bytes = Arrays.copyOf(new byte[Wire.HEADER], Wire.HEADER + question.length + optSize);
        Wire.put16(bytes, 0, id);
        Wire.put16(bytes, 2, Wire.RD | (query.flags() & (Wire.AD | Wire.CD)));
        Wire.put16(bytes, 4, 1);
        Wire.put16(bytes, 10, withEdns ? 1 : 0);
        System.arraycopy(question, 0, bytes, Wire.HEADER, question.length);
        System.arraycopy(opt, 0, bytes, Wire.HEADER + question.length, optSize);
        return new UpstreamQuery(id, withEdns, bytes);
    }
}
