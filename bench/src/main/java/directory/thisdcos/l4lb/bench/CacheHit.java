package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.dns.answer.AnswerCounters;
import directory.thisdcos.l4lb.dns.answer.AnswerPolicy;
import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.RateLimit;
import directory.thisdcos.l4lb.dns.answer.TransferPolicy;
import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.dns.answer.TsigKeys;
import directory.thisdcos.l4lb.dns.forward.ForwardSettings;
import directory.thisdcos.l4lb.dns.forward.Forwarder;
import directory.thisdcos.l4lb.dns.forward.LocalZones;
import directory.thisdcos.l4lb.dns.forward.Upstream;
import directory.thisdcos.l4lb.dns.server.EventLoops;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.ZoneFile;
import directory.thisdcos.l4lb.dns.zone.ZoneHistory;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * {@code CacheHit NAMES ROUNDS}: what the engine needs, in CPU time of its thread, to answer a name of a zone of ours and
 * a forwarded name out of the cache, in turn; medians and the ratio. No sockets, so a busy machine disturbs little.
 */
public final class CacheHit {
    private static final int ANSWERS = 400_000;

    private CacheHit() {}

    public static void main(String[] arguments) throws Exception {
        int names = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DatagramSocket upstream = new DatagramSocket(0, loopback);
        Thread thread = new Thread(() -> serve(upstream));
        thread.setDaemon(true);
        thread.start();
        StringBuilder zone = new StringBuilder("own.example. 3600 SOA ns.own.example. r.own.example. 1 1 1 1 60\n");
        zone.append("own.example. 3600 NS ns.own.example.\n");
        for (int i = 0; i < names; i++) {
            zone.append("svc").append(i).append(".marathon.own.example. 3600 A 10.0.0.1\n");
        }
        Path file = Files.writeString(Files.createTempFile("own", ".zone"), zone);
        Catalog catalog =
                Catalog.of(List.of()).withStatics(List.of(ZoneFile.load(file).zone()));
        PrometheusRegistry registry = new PrometheusRegistry();
        AnswerCounters counters = new AnswerCounters(registry);
        EventLoops loops = EventLoops.start("bench", 1);
        Forwarder forwarder = new Forwarder(
                loops.sockets(),
                ForwardSettings.to(List.of(Upstream.parse("127.0.0.1:" + upstream.getLocalPort()))),
                new LocalZones() {
                    @Override
                    public boolean contains(Name name) {
                        return false;
                    }

                    @Override
                    public byte[] answer(byte[] query) {
                        return new byte[0];
                    }
                },
                counters,
                registry,
                new ProblemBoard(registry, InstantSource.system()));
        AnswerPolicy policy = new AnswerPolicy(
                true,
                List.of(IpRange.parse("127.0.0.0/8")),
                List.of(),
                new TransferPolicy(TransferPolicy.LOOPBACK, () -> TsigKeys.NONE, new ZoneHistory()),
                new RateLimit(0),
                Optional.empty());
        Answerer answerer = new Answerer(() -> catalog, policy, counters, forwarder.newKnownAnswers());
        byte[] out = new byte[Answerer.bufferSize(Transport.UDP)];
        byte[][] own = queries(names, "own.example.");
        byte[][] forwarded = queries(names, "fwd.example.");
        for (byte[] query : forwarded) {
            if (answerer.answer(query, query.length, Transport.UDP, loopback, out) == Answerer.DEFERRED) {
                CountDownLatch done = new CountDownLatch(1);
                forwarder.forward(answerer.deferred(), reply -> done.countDown());
                done.await();
            }
        }
        double[] ownNanos = new double[rounds];
        double[] cachedNanos = new double[rounds];
        double[] ratio = new double[rounds];
        for (int warm = 0; warm < 3; warm++) {
            run(answerer, own, out, loopback);
            run(answerer, forwarded, out, loopback);
        }
        for (int round = 0; round < rounds; round++) {
            ownNanos[round] = run(answerer, own, out, loopback);
            cachedNanos[round] = run(answerer, forwarded, out, loopback);
            ratio[round] = ownNanos[round] / cachedNanos[round];
        }
        System.out.printf(
                "own zone %.0f ns, cached %.0f ns of CPU for an answer; rate of cached / own %.2f (%.2f to %.2f)%n",
                median(ownNanos),
                median(cachedNanos),
                median(ratio),
                Arrays.stream(ratio).min().orElse(0),
                Arrays.stream(ratio).max().orElse(0));
        System.exit(0);
    }

    private static double run(Answerer answerer, byte[][] queries, byte[] out, InetAddress client) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ANSWERS; i++) {
            byte[] query = queries[i % queries.length];
            if (answerer.answer(query, query.length, Transport.UDP, client, out) <= 0 || (out[3] & 0xf) != 0) {
                throw new AssertionError("no answer");
            }
        }
        return (threads.getCurrentThreadCpuTime() - before) / (double) ANSWERS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static byte[][] queries(int names, String suffix) throws Exception {
        byte[][] queries = new byte[names][];
        for (int i = 0; i < names; i++) {
            queries[i] = Message.newQuery(Record.newRecord(
                            org.xbill.DNS.Name.fromString("svc" + i + ".marathon." + suffix), 1, DClass.IN))
                    .toWire();
        }
        Collections.shuffle(Arrays.asList(queries), new Random(3));
        return queries;
    }

    private static void serve(DatagramSocket socket) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                Message reply = new Message(query.getHeader().getID());
                reply.getHeader().setFlag(Flags.QR);
                reply.getHeader().setFlag(Flags.RA);
                reply.addRecord(query.getQuestion(), Section.QUESTION);
                reply.addRecord(
                        new ARecord(
                                query.getQuestion().getName(), DClass.IN, 3600, InetAddress.getByAddress(new byte[] {
                                    10, 0, 0, 1
                                })),
                        Section.ANSWER);
                byte[] wire = reply.toWire();
                socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
