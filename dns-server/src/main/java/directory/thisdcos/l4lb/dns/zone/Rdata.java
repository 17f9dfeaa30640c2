package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.model.Ip;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes the record data of zones that are not read from a file. */
final class Rdata {
    private static final long REFRESH_SECONDS = 60;
    private static final long RETRY_SECONDS = 180;
    private static final long EXPIRE_SECONDS = 86_400;
    private static final long MINIMUM_SECONDS = 1;
    private static final int MAX_STRING = 255;

    private Rdata() {}

    /** RFC 1035 §3.3.13 with dcos-net's timers. */
    static byte[] soa(Name server, Name mailbox, long serial) {
        byte[] mname = server.wire();
        byte[] rname = mailbox.wire();
        byte[] soa = new byte[mname.length + rname.length + 20];
        System.arraycopy(mname, 0, soa, 0, mname.length);
        System.arraycopy(rname, 0, soa, mname.length, rname.length);
        int at = mname.length + rname.length;
        Wire.put32(soa, at, serial);
        Wire.put32(soa, at + 4, REFRESH_SECONDS);
        Wire.put32(soa, at + 8, RETRY_SECONDS);
        Wire.put32(soa, at + 12, EXPIRE_SECONDS);
        Wire.put32(soa, at + 16, MINIMUM_SECONDS);
        return soa;
    }

    /** RFC 2782, with the one priority and weight that dcos-net gave. */
    static byte[] srv(int port, Name target) {
        byte[] srv = new byte[6 + target.length()];
        Wire.put16(srv, 0, 1);
        Wire.put16(srv, 2, 1);
        Wire.put16(srv, 4, port);
        System.arraycopy(target.wire(), 0, srv, 6, target.length());
        return srv;
    }

    /** {@code key=value} strings as in RFC 6763 §6.3; each is cut at 255 octets. */
    static byte[] txt(List<String> strings) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String string : strings) {
            byte[] octets = string.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(octets.length, MAX_STRING);
            data.write(length);
            data.write(octets, 0, length);
        }
        return data.toByteArray();
    }

    /** A and AAAA, each as one RRset. */
    static List<Rrset> addresses(long ttl, List<Ip> addresses) {
        List<byte[]> v4 = new ArrayList<>();
        List<byte[]> v6 = new ArrayList<>();
        addresses.forEach(ip -> (ip.isV4() ? v4 : v6).add(ip.octets()));
        List<Rrset> rrsets = new ArrayList<>(2);
        if (!v4.isEmpty()) {
            rrsets.add(Rrset.of(Type.A, ttl, v4));
        }
        if (!v6.isEmpty()) {
            rrsets.add(Rrset.of(Type.AAAA, ttl, v6));
        }
        return rrsets;
    }
}
