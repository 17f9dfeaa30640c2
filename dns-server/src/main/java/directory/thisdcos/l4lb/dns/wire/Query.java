package directory.thisdcos.l4lb.dns.wire;

import java.util.Arrays;

/**
 * A view of a request. {@link #parse} checks in the order in which an error can still be answered: header, question,
 * other records, OPT. Mutable, used again for each message, for one thread; the accessors hold until the next parse.
 */
public final class Query {

    /** What to do with a request. */
    public enum Parsed {
        /** Too short, or itself a response: answering it could start a loop. */
        DROP,
        /** Of an operation whose format is unknown to us. */
        UNKNOWN_OPCODE,
        /** Not one readable question. */
        NO_QUESTION,
        /** No question but a client cookie: a request for a server cookie (RFC 7873 §5.4). */
        COOKIE_ONLY,
        /** A readable question, but what follows is not. */
        MALFORMED,
        /** To be answered. */
        QUESTION
    }

    private static final byte[] NOTHING = {};

    private final NameView own = new NameView();
    private NameView name = own;
    private byte[] packet = NOTHING;
    private int length;
    private int questionEnd;
    private int type;
    private int qclass;
    private boolean hasOpt;
    private int udpSize;
    private int version;
    private boolean dnssecOk;
    private int cookieAt;
    private int cookieSize;
    private int tsigAt;
    private boolean wantsNsid;
    private boolean wantsKeepalive;
    private boolean wantsPadding;

    /** Reads the first {@code size} octets; the array must stay as it is while the view is in use. */
    public Parsed parse(byte[] request, int size) {
        return parse(request, size, own, -1);
    }

    /**
     * The same where the name of the question has been read before.
     *
     * @param read the name, if {@code readTo} is positive; it must stay as it is while the view is in use
     * @param readTo where it ends
     */
    public Parsed parse(byte[] request, int size, NameView read, int readTo) {
        name = readTo < 0 ? own : read;
        packet = request;
        length = size;
        questionEnd = 0;
        hasOpt = false;
        udpSize = Wire.PLAIN_UDP;
        version = 0;
        dnssecOk = false;
        cookieAt = -1;
        tsigAt = -1;
        wantsNsid = false;
        wantsKeepalive = false;
        wantsPadding = false;
        if (size < Wire.HEADER || (flags() & Wire.QR) != 0) {
            return Parsed.DROP;
        }
        int opcode = opcode();
        if (opcode != Wire.QUERY && opcode != Wire.NOTIFY && opcode != Wire.UPDATE) {
            return Parsed.UNKNOWN_OPCODE;
        }
        int questions = Wire.u16(packet, 4);
        // RFC 9619: a QUERY has at most one question.
        if (questions > 1) {
            return Parsed.NO_QUESTION;
        }
        int at = Wire.HEADER;
        if (questions == 1) {
            at = readTo < 0 ? name.read(packet, at, length) : readTo;
            if (at < 0 || at + 4 > length) {
                return Parsed.NO_QUESTION;
            }
            type = Wire.u16(packet, at);
            qclass = Wire.u16(packet, at + 2);
            at += 4;
            questionEnd = at;
        }
        boolean readable = records(at);
        if (questions == 0) {
            return readable && cookieAt >= 0 ? Parsed.COOKIE_ONLY : Parsed.NO_QUESTION;
        }
        return readable ? Parsed.QUESTION : Parsed.MALFORMED;
    }

    private boolean records(int from) {
        int additionalFrom = Wire.u16(packet, 6) + Wire.u16(packet, 8);
        int count = additionalFrom + Wire.u16(packet, 10);
        int at = from;
        // Each turn consumes at least 11 octets or fails, so the counts of the header cost nothing.
        for (int i = 0; i < count; i++) {
            int fixed = RecordScan.skipName(packet, at, length);
            int end = RecordScan.skipRest(packet, fixed, length);
            if (end < 0) {
                return false;
            }
            if (Wire.u16(packet, fixed) == Type.OPT) {
                // RFC 6891 §6.1.1: once, in the additional section, at the root.
                boolean legal = i >= additionalFrom && !hasOpt && fixed == at + 1 && packet[at] == 0;
                if (!legal) {
                    // Which of two would count? The error goes without one, as NSD, Knot and BIND send it.
                    hasOpt = false;
                    return false;
                }
                if (!opt(fixed, end)) {
                    return false;
                }
            }
            if (Wire.u16(packet, fixed) == Type.TSIG) {
                // RFC 8945 §5.1: the last record of all.
                if (i != count - 1 || i < additionalFrom) {
                    return false;
                }
                tsigAt = at;
            }
            at = end;
        }
        return true;
    }

    private boolean opt(int fixed, int end) {
        int at = fixed + 10;
        int cookie = -1;
        boolean cookieLegal = true;
        while (at < end) {
            if (at + 4 > end) {
                return false;
            }
            int code = Wire.u16(packet, at);
            int size = Wire.u16(packet, at + 2);
            if (at + 4 + size > end) {
                return false;
            }
            if (code == EdnsOption.COOKIE && cookie < 0) {
                // RFC 7873 §5.2.2: 8 octets, or 8 and 8 to 32 more.
                cookieLegal = size == 8 || (size >= 16 && size <= 40);
                cookie = at + 4;
                cookieSize = size;
            } else if (code == EdnsOption.NSID) {
                wantsNsid = true;
            } else if (code == EdnsOption.TCP_KEEPALIVE) {
                wantsKeepalive = true;
            } else if (code == EdnsOption.PADDING) {
                wantsPadding = true;
            }
            at += 4 + size;
        }
        hasOpt = true;
        udpSize = Math.max(Wire.PLAIN_UDP, Wire.u16(packet, fixed + 2));
        version = packet[fixed + 5] & 0xff;
        dnssecOk = (Wire.u16(packet, fixed + 6) & Wire.DO) != 0;
        cookieAt = cookieLegal ? cookie : -1;
        return cookieLegal;
    }

    public int id() {
        return Wire.u16(packet, 0);
    }

    public int flags() {
        return Wire.u16(packet, 2);
    }

    public boolean isSet(int flag) {
        return (flags() & flag) != 0;
    }

    public int opcode() {
        return flags() >>> 11 & 0xf;
    }

    public boolean hasQuestion() {
        return questionEnd > 0;
    }

    /** The name asked for; its first octet stands at {@link Wire#HEADER} of request and response. */
    public NameView name() {
        return name;
    }

    public int type() {
        return type;
    }

    public int qclass() {
        return qclass;
    }

    public boolean hasOpt() {
        return hasOpt;
    }

    /** What the client can take over UDP, at least 512 (RFC 6891 §6.2.3). */
    public int udpSize() {
        return udpSize;
    }

    public int version() {
        return version;
    }

    public boolean dnssecOk() {
        return dnssecOk;
    }

    public boolean hasCookie() {
        return cookieAt >= 0;
    }

    /** Copies the 8 octets of the client's cookie. */
    public void clientCookie(byte[] into, int at) {
        System.arraycopy(packet, cookieAt, into, at, 8);
    }

    /** Where the client's cookie with a server cookie of {@code size} octets begins in the request, or -1. */
    public int serverCookie(int size) {
        return cookieAt >= 0 && cookieSize == size ? cookieAt : -1;
    }

    public boolean wantsNsid() {
        return wantsNsid;
    }

    public boolean wantsKeepalive() {
        return wantsKeepalive;
    }

    public boolean wantsPadding() {
        return wantsPadding;
    }

    /** Whether the last record is a TSIG (RFC 8945); nothing of it has been looked at. */
    public boolean isSigned() {
        return tsigAt > 0;
    }

    /** A signed request as it was before it was signed, apart from the id. */
    public byte[] unsigned() {
        byte[] bare = Arrays.copyOf(packet, tsigAt);
        Wire.put16(bare, 10, Wire.u16(bare, 10) - 1);
        return bare;
    }

    /** A copy of the request as it was sent. */
    public byte[] copy() {
        return Arrays.copyOf(packet, length);
    }

    /** The question section as it was sent. */
    public byte[] question() {
        return hasQuestion() ? Arrays.copyOfRange(packet, Wire.HEADER, questionEnd) : NOTHING;
    }

    /** Copies the question section to where it stands in a response and returns its end. */
    public int copyQuestion(byte[] response) {
        System.arraycopy(packet, Wire.HEADER, response, Wire.HEADER, questionEnd - Wire.HEADER);
        return questionEnd;
    }

    int questionEnd() {
        return questionEnd;
    }

    byte[] packet() {
        return packet;
    }
}
