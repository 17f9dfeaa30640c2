package directory.thisdcos.l4lb.dns.resolvconf;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;

/** Looks whether a DNS server of ours is at an address, before a machine is made to depend on it. */
public final class ServerCheck {
    private static final int TRIES = 3;
    private static final int TIMEOUT_MILLIS = 1_000;

    private ServerCheck() {}

    /** Whether a server there has authority for our zone, or will have as soon as it has a table. */
    public static boolean answers(Endpoint server) {
        for (int i = 0; i < TRIES; i++) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress(server.ip().toInetAddress(), server.port()));
                if (isOurs(socket)) {
                    return true;
                }
            } catch (IOException e) {
                // Asked again: it may just be starting.
            }
        }
        return false;
    }

    private static boolean isOurs(DatagramSocket socket) throws IOException {
        Name zone = DynamicZones.ORIGIN;
        int id = new SecureRandom().nextInt(1 << 16);
        byte[] query = new byte[Wire.HEADER + zone.length() + 4];
        Wire.put16(query, 0, id);
        Wire.put16(query, 4, 1);
        System.arraycopy(zone.wire(), 0, query, Wire.HEADER, zone.length());
        Wire.put16(query, query.length - 4, Type.SOA);
        Wire.put16(query, query.length - 2, Wire.IN);
        socket.send(new DatagramPacket(query, query.length));
        byte[] reply = new byte[Wire.EDNS_UDP];
        DatagramPacket packet = new DatagramPacket(reply, reply.length);
        socket.receive(packet);
        int flags = Wire.u16(reply, 2);
        boolean answered = packet.getLength() >= query.length && Wire.u16(reply, 0) == id && (flags & Wire.QR) != 0;
        int rcode = flags & 0xf;
        return answered && ((flags & Wire.AA) != 0 || rcode == Rcode.SERVFAIL.value());
    }
}
