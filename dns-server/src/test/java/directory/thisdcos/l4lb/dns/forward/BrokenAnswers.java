package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.model.Ip;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** What servers say that are no attackers, but ought not to be in use. */
final class BrokenAnswers {
    private static final int DRIP_MILLIS = 20;
    private static final Set<String> FAILED_ONCE = ConcurrentHashMap.newKeySet();

    private BrokenAnswers() {}

    static byte[] datagram(String behaviour, Message query, byte[] truth) throws IOException {
        Message reply = HostileAnswers.reply(query, 1);
        Name name = query.getQuestion().getName();
        switch (behaviour) {
            case "badvers" -> {
                if (query.getOPT() == null) {
                    return truth;
                }
                Message bad = HostileAnswers.reply(query, 0);
                bad.addRecord(new OPTRecord(1232, 1, 0), Section.ADDITIONAL);
                return bad.toWire();
            }
            case "badcookie" -> {
                Message bad = HostileAnswers.reply(query, 0);
                bad.getHeader().setRcode(Rcode.BADCOOKIE & 0xf);
                bad.addRecord(new OPTRecord(1232, Rcode.BADCOOKIE >>> 4, 0), Section.ADDITIONAL);
                return bad.toWire();
            }
            case "newedns" -> reply.addRecord(new OPTRecord(1232, 0, 7), Section.ADDITIONAL);
            case "badopt" -> {
                reply.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
                byte[] wire = Arrays.copyOf(reply.toWire(), reply.toWire().length + 4);
                // An option of 65,535 octets in four.
                wire[wire.length - 5] = 4;
                wire[wire.length - 3] = 15;
                wire[wire.length - 2] = -1;
                wire[wire.length - 1] = -1;
                return wire;
            }
            case "nxwithdata" -> reply.getHeader().setRcode(Rcode.NXDOMAIN);
            case "forever" -> {
                reply = HostileAnswers.reply(query, 0);
                reply.addRecord(
                        new ARecord(
                                name,
                                DClass.IN,
                                0x7fff_ffffL,
                                Ip.of(HostileAnswers.TRUTH).toInetAddress()),
                        Section.ANSWER);
            }
            case "oversized" -> {
                // Over TCP there is the truth.
                return HostileAnswers.reply(query, 255).toWire();
            }
            case "stub" -> {
                Message cut = HostileAnswers.reply(query, 0);
                cut.getHeader().setFlag(Flags.TC);
                return cut.toWire();
            }
            case "partial", "drip", "halfopen", "lengthlies" -> {
                Message cut = HostileAnswers.reply(query, 0);
                cut.getHeader().setFlag(Flags.TC);
                return cut.toWire();
            }
            case "selfalias" -> {
                reply = HostileAnswers.reply(query, 0);
                reply.addRecord(new CNAMERecord(name, DClass.IN, 300, name), Section.ANSWER);
            }
            case "aliasloop" -> {
                Name other = Name.fromString("other.example.org.");
                reply = HostileAnswers.reply(query, 0);
                reply.addRecord(new CNAMERecord(name, DClass.IN, 300, other), Section.ANSWER);
                reply.addRecord(new CNAMERecord(other, DClass.IN, 300, name), Section.ANSWER);
            }
            case "longchain" -> {
                reply = HostileAnswers.reply(query, 0);
                Name from = name;
                for (int i = 0; i < 600; i++) {
                    Name to = Name.fromString("n" + i + ".example.org.");
                    reply.addRecord(new CNAMERecord(from, DClass.IN, 300, to), Section.ANSWER);
                    from = to;
                }
            }
            case "delegates" -> {
                Name victim = Name.fromString("victim.example.com.");
                reply.addRecord(new NSRecord(Name.fromString("com."), DClass.IN, 300, victim), Section.AUTHORITY);
                reply.addRecord(HostileAnswers.address(victim, HostileAnswers.LIE), Section.ADDITIONAL);
            }
            case "flapping" -> {
                if (FAILED_ONCE.add(name.toString().toLowerCase(java.util.Locale.ROOT))) {
                    Message bad = HostileAnswers.reply(query, 0);
                    bad.getHeader().setRcode(Rcode.SERVFAIL);
                    return bad.toWire();
                }
            }
            default -> {
                return truth;
            }
        }
        return reply.toWire();
    }

    /** Whether the connection was served here. */
    static boolean serveTcp(String behaviour, Message query, Socket socket) throws IOException {
        byte[] whole = HostileAnswers.reply(query, 100).toWire();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        switch (behaviour) {
            case "partial" -> {
                out.writeShort(whole.length);
                out.write(whole, 0, whole.length / 2);
            }
            case "lengthlies" -> {
                out.writeShort(65_535);
                out.write(whole);
                await(socket);
            }
            case "halfopen" -> await(socket);
            case "drip" -> {
                out.writeShort(whole.length);
                try {
                    for (byte octet : whole) {
                        out.write(octet);
                        Thread.sleep(DRIP_MILLIS);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Until the other side closes. */
    private static void await(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // What else it says is of no interest.
        }
    }
}
