package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.TsigKeys;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.zone.Zone;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Tells secondaries that a zone has changed (RFC 1996), again until they confirm. Changes that come faster than a
 * secondary can fetch them are told as one.
 */
public final class Notifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notifier.class);
    private static final String REPORTER = "dns-notify";
    private static final int TRIES = 5;
    private static final long CLOSE_MILLIS = 1_000;
    private static final int WAIT_MILLIS = 1_000;
    private static final long COALESCE_MILLIS = 100;

    /** What one secondary is to confirm. */
    private record Told(Secondary target, Name origin) {}

    private final List<Secondary> targets;
    private final Supplier<TsigKeys> keys;
    private final ProblemBoard problems;
    private final SecureRandom random = new SecureRandom();
    private final Map<Name, Long> serials = new HashMap<>();
    private final Map<Name, Zone> changed = new HashMap<>();
    private @Nullable Thread thread;
    private boolean closed;

    /** @param keys what messages to secondaries are signed with */
    public Notifier(List<Secondary> targets, Supplier<TsigKeys> keys, ProblemBoard problems) {
        this.targets = List.copyOf(targets);
        this.keys = keys;
        this.problems = problems;
    }

    public void start() {
        if (targets.isEmpty()) {
            return;
        }
        Thread fresh = new Thread(this::run, "dns-notify");
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh;
    }

    /** Notes the zones that are now served; those with another serial than before are told. Never waits. */
    public synchronized void served(Collection<Zone> zones) {
        if (targets.isEmpty()) {
            return;
        }
        for (Zone zone : zones) {
            Long before = zone.isReady() ? serials.put(zone.origin(), zone.serial()) : null;
            if (zone.isReady() && (before == null || before != zone.serial())) {
                changed.put(zone.origin(), zone);
            }
        }
        notifyAll();
    }

    private void run() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(WAIT_MILLIS);
            while (true) {
                Map<Name, Zone> zones = take();
                if (zones.isEmpty()) {
                    return;
                }
                tell(socket, zones);
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException | RuntimeException e) {
            log.error("secondaries are no longer notified", e);
        }
    }

    private synchronized Map<Name, Zone> take() throws InterruptedException {
        while (changed.isEmpty() && !closed) {
            wait();
        }
        // More may come at once: one notification covers them all.
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COALESCE_MILLIS);
        for (long left = COALESCE_MILLIS; left > 0 && !closed; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        Map<Name, Zone> taken = closed ? Map.of() : Map.copyOf(changed);
        changed.clear();
        return taken;
    }

    private void tell(DatagramSocket socket, Map<Name, Zone> zones) throws IOException {
        Map<Integer, Told> open = new HashMap<>();
        for (Secondary target : targets) {
            zones.keySet().forEach(origin -> open.put(freeId(open), new Told(target, origin)));
        }
        for (int i = 0; i < TRIES && !open.isEmpty() && !isClosed(); i++) {
            for (Map.Entry<Integer, Told> entry : open.entrySet()) {
                Zone zone = zones.get(entry.getValue().origin());
                if (zone != null) {
                    Secondary target = entry.getValue().target();
                    send(socket, target.address(), message(entry.getKey(), zone, target));
                }
            }
            confirm(socket, open);
        }
        List<Problem> silent = new ArrayList<>();
        new TreeSet<>(open.values().stream()
                        .map(told -> told.target().toString())
                        .toList())
                .forEach(target -> silent.add(new Problem(
                        "dns-secondary", target, "does not confirm NOTIFY; it follows at its SOA refresh instead")));
        for (Secondary target : targets) {
            if (target.key().isPresent() && !keys.get().has(target.key().get())) {
                silent.add(new Problem(
                        "dns-secondary",
                        target.toString(),
                        "is told without a signature: the key is not in the file of --tsig-keys"));
            }
        }
        problems.report(REPORTER, silent);
    }

    private int freeId(Map<Integer, Told> open) {
        int id = random.nextInt(1 << 16);
        while (open.containsKey(id)) {
            id = id + 1 & 0xffff;
        }
        return id;
    }

    private static void send(DatagramSocket socket, Endpoint target, byte[] bytes) {
        try {
            socket.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(target.ip().toInetAddress(), target.port())));
        } catch (IOException e) {
            // Unreachable at the moment; it is tried again.
            log.debug("NOTIFY to {}: {}", target, e.toString());
        }
    }

    private byte[] message(int id, Zone zone, Secondary target) throws IOException {
        org.xbill.DNS.Name name = new org.xbill.DNS.Name(zone.origin().wire());
        Message message = new Message(id);
        message.getHeader().setOpcode(Opcode.NOTIFY);
        message.getHeader().setFlag(Flags.AA);
        message.addRecord(Record.newRecord(name, Type.SOA, DClass.IN), Section.QUESTION);
        message.addRecord(
                Record.newRecord(
                        name, Type.SOA, DClass.IN, zone.soa().ttl(), zone.soa().data(0)),
                Section.ANSWER);
        target.key().ifPresent(key -> keys.get().sign(message, key));
        return message.toWire();
    }

    private static void confirm(DatagramSocket socket, Map<Integer, Told> open) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return;
            }
            byte[] bytes = packet.getData();
            // Any answer will do: a secondary that refuses would refuse again.
            if (packet.getLength() >= 12 && (bytes[2] & 0xf8) == 0x80 + (Opcode.NOTIFY << 3)) {
                open.remove((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff));
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
