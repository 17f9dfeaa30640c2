package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.zone.Alias;
import directory.thisdcos.l4lb.dns.zone.BuiltinZones;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.DynamicZones;
import directory.thisdcos.l4lb.dns.zone.ZoneFile;
import directory.thisdcos.l4lb.dns.zone.ZoneHistory;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.State;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Asks the engine without sockets; every response is parsed by dnsjava. */
final class Asker {
    static final int RESPONSES_PER_SECOND = 50;

    private final Answerer answerer;
    private final byte[] out = new byte[Answerer.bufferSize(Transport.TCP)];
    private InetAddress client = InetAddress.getLoopbackAddress();

    private Asker(Catalog catalog, boolean recursion) {
        AnswerPolicy policy = new AnswerPolicy(
                recursion,
                List.of(IpRange.parse("127.0.0.0/8")),
                Alias.ofDcos(Optional.of("cluster7")),
                new TransferPolicy(TransferPolicy.LOOPBACK, () -> TsigKeys.NONE, new ZoneHistory()),
                new RateLimit(RESPONSES_PER_SECOND),
                Optional.of("node-1"));
        answerer = new Answerer(() -> catalog, policy, new AnswerCounters(new PrometheusRegistry()));
    }

    static Asker of(State state) {
        return new Asker(catalog(state), false);
    }

    static Asker small() {
        return of(Tables.small());
    }

    static Asker recursive() {
        return new Asker(catalog(Tables.small()), true);
    }

    static Asker notReady() {
        return new Asker(Catalog.of(List.of()), false);
    }

    static Asker ofZone(Path folder, String text) {
        try {
            Path file = Files.writeString(folder.resolve("test.zone"), text);
            Catalog catalog = Catalog.of(List.of());
            return new Asker(catalog.withStatics(List.of(ZoneFile.load(file).zone())), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Catalog catalog(State state) {
        List<Ip> addresses = List.of(Ip.of("127.0.0.1"));
        return Catalog.of(BuiltinZones.of(addresses)).withDynamics(new DynamicZones(addresses).update(state, Set.of()));
    }

    Asker from(String address) {
        client = Ip.of(address).toInetAddress();
        return this;
    }

    /** The size of the response, or one of the engine's constants. */
    int raw(byte[] request, Transport transport) {
        return answerer.answer(request, request.length, transport, client, out);
    }

    void lookAhead(byte[][] requests, int[] lengths, int count) {
        answerer.lookAhead(requests, lengths, count);
    }

    /** The answer for the {@code index}th of what was looked at ahead. */
    byte[] bytesAhead(int index, byte[] request) {
        int size = answerer.answerAhead(index, request, request.length, Transport.UDP, client, out);
        return Arrays.copyOf(out, Math.max(size, 0));
    }

    byte[] bytes(byte[] request, Transport transport) {
        int size = raw(request, transport);
        return Arrays.copyOf(out, Math.max(size, 0));
    }

    DeferredQuery deferred() {
        return answerer.deferred();
    }

    Message ask(Message request, Transport transport) {
        byte[] response = bytes(request.toWire(), transport);
        try {
            return new Message(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Message ask(String name, int type) {
        return ask(query(name, type), Transport.UDP);
    }

    static Message query(String name, int type) {
        try {
            return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message edns(Message message, int size) {
        message.addRecord(new OPTRecord(size, 0, 0), Section.ADDITIONAL);
        return message;
    }

    /** The records of a section as {@code name type data}, sorted. */
    static List<String> records(Message message, int section) {
        return message.getSection(section).stream()
                .filter(record -> record.getType() != Type.OPT)
                .map(record -> record.getName().toString(true) + " " + Type.string(record.getType()) + " "
                        + record.rdataToString())
                .sorted()
                .toList();
    }
}
