package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.dns.DnsSettings;
import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real server on a free port with its problem board, and a client that asks it. */
final class ForwardingBed implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ProblemBoard problems;
    private final DnsServer server;

    private ForwardingBed(DnsSettings settings) {
        PrometheusRegistry registry = new PrometheusRegistry();
        problems = new ProblemBoard(registry, InstantSource.system());
        server = new DnsServer(settings, registry, problems);
    }

    static ForwardingBed start(List<Endpoint> upstreams) throws IOException {
        return start(Endpoint.parse("127.0.0.1:0"), upstreams);
    }

    static ForwardingBed start(Endpoint listen, List<Endpoint> upstreams) throws IOException {
        ForwardingBed bed = new ForwardingBed(DnsSettings.of(List.of(listen), upstreams, Optional.empty()));
        bed.server.start();
        bed.server.publish(Tables.small(), Set.of());
        return bed;
    }

    static ForwardingBed start(ForwardSettings settings) throws IOException {
        Endpoint listen = Endpoint.parse("127.0.0.1:0");
        ForwardingBed bed = new ForwardingBed(DnsSettings.of(List.of(listen), settings, Optional.empty()));
        bed.server.start();
        bed.server.publish(Tables.small(), Set.of());
        return bed;
    }

    Endpoint endpoint() {
        return server.listening().get(0);
    }

    boolean hasProblem(String kind) {
        return problems.entries().stream()
                .anyMatch(entry -> entry.problem().kind().equals(kind));
    }

    SimpleResolver client() {
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(endpoint().port());
        resolver.setIgnoreTruncation(true);
        resolver.setTimeout(Duration.ofSeconds(6));
        resolver.setEDNS(-1);
        return resolver;
    }

    static Message query(String name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return query;
    }

    Message ask(Message query) throws IOException {
        return client().send(query);
    }

    Message ask(String name) throws IOException {
        return ask(query(name, Type.A));
    }

    /** The rcode and the first record of the answer. */
    String answer(String name) throws IOException {
        return text(ask(name));
    }

    static String text(Message reply) {
        List<Record> records = reply.getSection(Section.ANSWER);
        return Rcode.string(reply.getRcode())
                + (records.isEmpty() ? "" : " " + records.get(0).rdataToString());
    }

    /** Looks again and again until the condition holds. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Milliseconds that an action takes. */
    static long millis(IoAction action) throws IOException {
        long began = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    interface IoAction {
        void run() throws IOException;
    }

    @Override
    public void close() {
        server.close();
    }
}
