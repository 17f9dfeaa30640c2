package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.EdnsOption;
import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.OptText;
import directory.thisdcos.l4lb.dns.wire.Query;
import directory.thisdcos.l4lb.dns.wire.Wire;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prepares the OPT record of a response (RFC 6891): there is one exactly if the query had one. For one thread. */
final class OptRecord {
    /** How long an idle connection stays open, in the unit of RFC 7828: 100 ms. */
    private static final int KEEPALIVE_DECISECONDS = 100;

    private static final int MAX_NSID = 128;
    private static final int BLOCK = 468;

    private final byte[] bytes = new byte[1024];
    private final ServerCookies cookies;
    private final byte[] nsid;
    private int size;

    OptRecord(Optional<String> serverId) {
        this.cookies = ServerCookies.OF_THIS_PROCESS;
        byte[] id = serverId.orElse("").getBytes(StandardCharsets.UTF_8);
        this.nsid = Arrays.copyOf(id, Math.min(id.length, MAX_NSID));
    }

    void prepare(Query query, Transport transport, InetAddress client, @Nullable ExtendedError error) {
        size = 0;
        if (!query.hasOpt()) {
            return;
        }
        size = OptText.begin(bytes, query.dnssecOk());
        if (query.wantsNsid() && nsid.length > 0) {
            option(EdnsOption.NSID, nsid.length);
            System.arraycopy(nsid, 0, bytes, size - nsid.length, nsid.length);
        }
        if (query.hasCookie()) {
            option(EdnsOption.COOKIE, ServerCookies.SIZE);
            query.clientCookie(bytes, size - ServerCookies.SIZE);
            cookies.complete(bytes, size - ServerCookies.SIZE, client);
        }
        // RFC 7828 §3.2.1: never over UDP.
        if (query.wantsKeepalive() && transport.isStream()) {
            option(EdnsOption.TCP_KEEPALIVE, 2);
            Wire.put16(bytes, size - 2, KEEPALIVE_DECISECONDS);
        }
        if (error != null) {
            size = OptText.append(bytes, size, error);
        }
        OptText.end(bytes, size);
    }

    private void option(int code, int length) {
        Wire.put16(bytes, size, code);
        Wire.put16(bytes, size + 2, length);
        size += 4 + length;
    }

    /**
     * Pads the response to a multiple of {@value #BLOCK} octets (RFC 8467 §4.1), if it is encrypted and its client asked
     * for it; {@code rest} is the size of the message without this record.
     */
    void pad(Query query, Transport transport, int rest) {
        if (size == 0 || transport != Transport.TLS || !query.wantsPadding()) {
            return;
        }
        int bare = rest + size + 4;
        int padding = (BLOCK - bare % BLOCK) % BLOCK;
        if (bare + padding > Wire.MAX_MESSAGE) {
            return;
        }
        option(EdnsOption.PADDING, padding);
        Arrays.fill(bytes, size - padding, size, (byte) 0);
        OptText.end(bytes, size);
    }

    /** The record; the first {@link #size} octets count. */
    byte[] bytes() {
        return bytes;
    }

    /** 0 if the response has no OPT record. */
    int size() {
        return size;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }
}
