package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** What a resolver that is broken, or under attack, says before the truth or instead of it. */
final class HostileAnswers {
    static final String TRUTH = "192.0.2.1";
    static final String LIE = "6.6.6.6";
    private static final long TTL = 300;

    private final DatagramSocket socket;
    private final Random random = new Random(23);

    HostileAnswers(DatagramSocket socket) {
        this.socket = socket;
    }

    void serve(String behaviour, Message query, DatagramPacket from) throws IOException {
        byte[] truth = reply(query, 1).toWire();
        switch (behaviour) {
            case "silent" -> {
                return;
            }
            case "slow" -> {
                later(truth, from, 300);
                return;
            }
            case "wrongid" -> {
                for (int i = 1; i < 50; i++) {
                    byte[] lie = lie(query).toWire();
                    lie[1] += (byte) i;
                    send(socket, lie, from);
                }
            }
            case "wrongquestion" -> {
                Message lie = lie(query);
                lie.removeAllRecords(Section.QUESTION);
                lie.addRecord(Record.newRecord(Name.fromString("other.example.org."), 1, 1), Section.QUESTION);
                send(socket, lie.toWire(), from);
            }
            case "noresponse" -> {
                Message lie = lie(query);
                lie.getHeader().unsetFlag(Flags.QR);
                send(socket, lie.toWire(), from);
            }
            case "otherport" -> {
                try (DatagramSocket other = new DatagramSocket()) {
                    send(other, lie(query).toWire(), from);
                }
            }
            case "wrongcase" -> send(socket, folded(lie(query)), from);
            case "foldscase" -> truth = folded(reply(query, 1));
            case "garbage" -> {
                byte[] junk = new byte[40];
                random.nextBytes(junk);
                send(socket, junk, from);
                send(socket, new byte[0], from);
            }
            case "malformed" -> truth = Arrays.copyOf(truth, truth.length - 2);
            case "large", "cutoff" -> {
                Message empty = reply(query, behaviour.equals("large") ? 0 : 20);
                empty.getHeader().setFlag(Flags.TC);
                truth = empty.toWire();
            }
            case "noedns", "bareheader" -> {
                if (query.getOPT() != null) {
                    truth = failed(query, Rcode.FORMERR);
                    if (behaviour.equals("bareheader")) {
                        truth = Arrays.copyOf(truth, 12);
                        truth[5] = 0;
                    }
                }
            }
            case "nxdomain" -> truth = failed(query, Rcode.NXDOMAIN);
            case "refused" -> truth = failed(query, Rcode.REFUSED);
            case "servfail" -> truth = failed(query, Rcode.SERVFAIL);
            case "nodata" -> truth = negative(query, Rcode.NOERROR);
            case "nxsoa" -> truth = negative(query, Rcode.NXDOMAIN);
            case "lame" -> {
                Message referral = reply(query, 0);
                referral.getHeader().unsetFlag(Flags.AA);
                truth = referral.toWire();
            }
            case "short" -> truth = lasting(query, 1);
            case "atonce" -> truth = lasting(query, 0);
            case "poison" -> truth = poisoned(query);
            case "alias" -> truth = aliased(query, "elsewhere.example.net.");
            case "intoours" -> truth = aliased(query, "web.marathon.l4lb.thisdcos.directory.");
            case "mutate" -> {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    truth[12 + random.nextInt(truth.length - 12)] = (byte) random.nextInt();
                }
                send(socket, truth, from);
                // What was refused or ignored must not cost the time-out here.
                truth = failed(query, Rcode.SERVFAIL);
            }
            default -> truth = BrokenAnswers.datagram(behaviour, query, truth);
        }
        send(socket, truth, from);
        if (behaviour.equals("twice")) {
            send(socket, lie(query).toWire(), from);
        }
    }

    static Optional<byte[]> overTcp(String behaviour, Message query) {
        return switch (behaviour) {
            case "cutoff", "silent" -> Optional.empty();
            case "foldscase" -> Optional.of(folded(reply(query, 1)));
            case "large" -> Optional.of(reply(query, 100).toWire());
            default -> Optional.of(reply(query, 1).toWire());
        };
    }

    private void later(byte[] bytes, DatagramPacket to, int millis) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(millis);
                send(socket, bytes, to);
            } catch (IOException | InterruptedException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] failed(Message query, int rcode) {
        Message reply = reply(query, 0);
        reply.getHeader().setRcode(rcode);
        return reply.toWire();
    }

    private static byte[] negative(Message query, int rcode) throws IOException {
        Message reply = reply(query, 0);
        reply.getHeader().setRcode(rcode);
        Name zone = Name.fromString("example.org.");
        reply.addRecord(new SOARecord(zone, DClass.IN, 3600, zone, zone, 1, 1, 1, 1, 60), Section.AUTHORITY);
        return reply.toWire();
    }

    private static byte[] lasting(Message query, int seconds) {
        Message reply = reply(query, 0);
        reply.addRecord(
                new ARecord(
                        query.getQuestion().getName(),
                        DClass.IN,
                        seconds,
                        Ip.of(TRUTH).toInetAddress()),
                Section.ANSWER);
        return reply.toWire();
    }

    /** The truth among records that nobody asked for. */
    private static byte[] poisoned(Message query) throws IOException {
        Message reply = reply(query, 0);
        Name victim = Name.fromString("victim.example.com.");
        Name ours = Name.fromString("web.marathon.l4lb.thisdcos.directory.");
        reply.addRecord(address(victim, LIE), Section.ANSWER);
        reply.addRecord(address(query.getQuestion().getName(), TRUTH), Section.ANSWER);
        reply.addRecord(address(ours, LIE), Section.ANSWER);
        reply.addRecord(address(victim, LIE), Section.AUTHORITY);
        reply.addRecord(address(ours, LIE), Section.ADDITIONAL);
        return reply.toWire();
    }

    /** An alias and an address behind it, in the wrong order. */
    private static byte[] aliased(Message query, String target) throws IOException {
        Message reply = reply(query, 0);
        Name canonical = Name.fromString(target);
        boolean ours = target.endsWith("l4lb.thisdcos.directory.");
        reply.addRecord(address(canonical, ours ? LIE : TRUTH), Section.ANSWER);
        reply.addRecord(new CNAMERecord(query.getQuestion().getName(), DClass.IN, TTL, canonical), Section.ANSWER);
        return reply.toWire();
    }

    private static byte[] folded(Message reply) {
        byte[] wire = reply.toWire();
        int end = 12 + reply.getQuestion().getName().length();
        for (int i = 12; i < end; i++) {
            wire[i] = (byte) (wire[i] >= 'A' && wire[i] <= 'Z' ? wire[i] + 32 : wire[i]);
        }
        return wire;
    }

    private static Message lie(Message query) {
        Message lie = reply(query, 0);
        lie.addRecord(address(query.getQuestion().getName(), LIE), Section.ANSWER);
        return lie;
    }

    static Record address(Name owner, String address) {
        return new ARecord(owner, DClass.IN, TTL, Ip.of(address).toInetAddress());
    }

    static Message reply(Message query, int records) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        for (int i = 1; i <= records; i++) {
            String address = String.format(Locale.ROOT, "192.0.2.%d", i);
            reply.addRecord(address(query.getQuestion().getName(), address), Section.ANSWER);
        }
        return reply;
    }

    private static void send(DatagramSocket socket, byte[] bytes, DatagramPacket to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to.getAddress(), to.getPort()));
    }
}
