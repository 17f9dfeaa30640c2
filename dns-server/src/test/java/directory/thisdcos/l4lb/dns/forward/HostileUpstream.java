package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A resolver that answers as the first label of a name tells it to, with lies before the truth. */
final class HostileUpstream implements AutoCloseable {
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Random random = new Random(23);
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ids = ConcurrentHashMap.newKeySet();

    private HostileUpstream(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    static HostileUpstream start() {
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            ServerSocket tcp = new ServerSocket(0, 16, loopback);
            HostileUpstream upstream = new HostileUpstream(new DatagramSocket(tcp.getLocalPort(), loopback), tcp);
            thread(upstream::serveUdp);
            thread(upstream::serveTcp);
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable body) {
        Thread thread = new Thread(body, "hostile-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    Endpoint endpoint() {
        return new Endpoint(Ip.of("127.0.0.1"), udp.getLocalPort());
    }

    Set<Integer> ports() {
        return ports;
    }

    Set<Integer> ids() {
        return ids;
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                ports.add(packet.getPort());
                ids.add(query.getHeader().getID());
                serve(query, packet);
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Message query, DatagramPacket from) throws IOException {
        String behaviour = query.getQuestion().getName().getLabelString(0).toLowerCase(java.util.Locale.ROOT);
        byte[] truth = reply(query, 1).toWire();
        switch (behaviour.replaceAll("[0-9]", "")) {
            case "silent" -> {
                return;
            }
            case "wrongid" -> {
                for (int i = 1; i < 50; i++) {
                    byte[] lie = lie(query, 1).toWire();
                    lie[1] += (byte) i;
                    send(udp, lie, from);
                }
            }
            case "wrongquestion" -> {
                Message lie = lie(query, 1);
                lie.removeAllRecords(Section.QUESTION);
                lie.addRecord(Record.newRecord(Name.fromString("other.example.org."), 1, 1), Section.QUESTION);
                send(udp, lie.toWire(), from);
            }
            case "noresponse" -> {
                Message lie = lie(query, 1);
                lie.getHeader().unsetFlag(Flags.QR);
                send(udp, lie.toWire(), from);
            }
            case "otherport" -> {
                try (DatagramSocket other = new DatagramSocket()) {
                    send(other, lie(query, 1).toWire(), from);
                }
            }
            case "garbage" -> {
                byte[] junk = new byte[40];
                random.nextBytes(junk);
                send(udp, junk, from);
                send(udp, new byte[0], from);
            }
            case "large" -> {
                Message empty = reply(query, 0);
                empty.getHeader().setFlag(Flags.TC);
                truth = empty.toWire();
            }
            case "noedns", "bareheader" -> {
                if (query.getOPT() != null) {
                    Message refusal = reply(query, 0);
                    refusal.getHeader().setRcode(Rcode.FORMERR);
                    truth = refusal.toWire();
                    if (behaviour.equals("bareheader")) {
                        truth = Arrays.copyOf(truth, 12);
                        truth[5] = 0;
                    }
                }
            }
            case "nxdomain" -> truth = failed(query, Rcode.NXDOMAIN);
            case "refused" -> truth = failed(query, Rcode.REFUSED);
            case "mutate" -> {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    truth[12 + random.nextInt(truth.length - 12)] = (byte) random.nextInt();
                }
                send(udp, truth, from);
                // What was refused or ignored must not cost the time-out here.
                truth = failed(query, Rcode.SERVFAIL);
            }
            default -> {}
        }
        send(udp, truth, from);
    }

    private static byte[] failed(Message query, int rcode) {
        Message reply = reply(query, 0);
        reply.getHeader().setRcode(rcode);
        return reply.toWire();
    }

    private static Message lie(Message query, int records) {
        Message lie = reply(query, records);
        lie.removeAllRecords(Section.ANSWER);
        lie.addRecord(
                new ARecord(
                        query.getQuestion().getName(),
                        DClass.IN,
                        300,
                        Ip.of("6.6.6.6").toInetAddress()),
                Section.ANSWER);
        return lie;
    }

    private static Message reply(Message query, int records) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        for (int i = 1; i <= records; i++) {
            Ip address = Ip.of("192.0.2.0").plus(i);
            reply.addRecord(
                    new ARecord(query.getQuestion().getName(), DClass.IN, 300, address.toInetAddress()),
                    Section.ANSWER);
        }
        return reply;
    }

    private static void send(DatagramSocket socket, byte[] bytes, DatagramPacket to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to.getAddress(), to.getPort()));
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                byte[] reply = reply(new Message(bytes), 100).toWire();
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            } catch (IOException e) {
                // One connection less, or closed: the test is over.
            }
        }
    }

    @Override
    public void close() {
        try {
            udp.close();
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
