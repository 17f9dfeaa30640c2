package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks one DNS server for the addresses of many names, many at a time: one after another would take hours. */
final class DnsSweep {
    /** Few enough that their answers fit into a socket's buffer of 208 KiB, the kernel's default. */
    private static final int AT_ONCE = 200;

    private static final int MAX_TRIES = 6;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MAX_ANSWER_OCTETS = 4096;
    private static final Duration TCP_PATIENCE = Duration.ofSeconds(5);

    private final Endpoint server;
    private final Progress progress;

    /** A name and the family of the addresses that are asked for. */
    record Question(ServiceName name, Family family) {
        private Record toRecord() throws IOException {
            int type = family == Family.V4 ? Type.A : Type.AAAA;
            return Record.newRecord(Name.fromString(name.fqdn() + "."), type, DClass.IN);
        }
    }

    /**
     * What the server says.
     *
     * @param problem why there are no addresses; empty if there are
     */
    record Found(List<Ip> addresses, String problem) {}

    private static final class Flight {
        private final Question question;
        private final Message query;
        private int tries;
        private long due;

        Flight(Question question, int id) throws IOException {
            this.question = question;
            this.query = Message.newQuery(question.toRecord());
            query.getHeader().setID(id);
        }

        boolean isAnsweredBy(Message answer) {
            return answer.getHeader().getFlag(Flags.QR) && Objects.equals(answer.getQuestion(), query.getQuestion());
        }
    }

    DnsSweep(Endpoint server, Progress progress) {
        this.server = server;
        this.progress = progress;
    }

    /** Every question has an answer in the end, if only that there was none. */
    Map<Question, Found> ask(Collection<Question> questions) throws StartException {
        Map<Question, Found> found = new HashMap<>();
        Deque<Question> waiting = new ArrayDeque<>(questions);
        Map<Integer, Flight> flights = new HashMap<>();
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            channel.connect(new InetSocketAddress(server.ip().toInetAddress(), server.port()));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            int id = 0;
            while (!waiting.isEmpty() || !flights.isEmpty()) {
                while (!waiting.isEmpty() && flights.size() < AT_ONCE) {
                    id = (id + 1) & 0xffff;
                    Flight flight = new Flight(waiting.remove(), id);
                    flights.put(id, flight);
                    send(channel, flight);
                }
                selector.select(key -> {}, TimeUnit.NANOSECONDS.toMillis(RETRY_NANOS) / 4);
                receive(channel, flights, found);
                sendAgain(channel, flights, found);
                progress.at("asking " + server + " for addresses,", found.size(), questions.size());
            }
        } catch (IOException e) {
            throw new StartException("DNS at " + server + ": " + Reasons.of(e) + "; give its address with --dns", e);
        }
        return found;
    }

    private static void send(DatagramChannel channel, Flight flight) throws IOException {
        flight.tries++;
        flight.due = System.nanoTime() + RETRY_NANOS * flight.tries;
        channel.write(ByteBuffer.wrap(flight.query.toWire()));
    }

    private void receive(DatagramChannel channel, Map<Integer, Flight> flights, Map<Question, Found> found)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_ANSWER_OCTETS);
        while (channel.read(buffer.clear()) > 0) {
            Message answer = parse(buffer.flip());
            if (answer == null) {
                continue;
            }
            int id = answer.getHeader().getID();
            Flight flight = flights.get(id);
            if (flight == null || !flight.isAnsweredBy(answer)) {
                continue;
            }
            int rcode = answer.getRcode();
            boolean mayGetBetter = rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN;
            if (!mayGetBetter || flight.tries == MAX_TRIES) {
                flights.remove(id);
                found.put(
                        flight.question,
                        answer.getHeader().getFlag(Flags.TC) ? askOverTcp(flight.query) : found(answer));
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Message parse(ByteBuffer buffer) {
        try {
            return new Message(buffer);
        } catch (IOException e) {
            // Nobody's answer; the question is asked again.
            return null;
        }
    }

    private static Found found(Message answer) {
        List<Ip> addresses = new ArrayList<>();
        for (Record record : answer.getSection(Section.ANSWER)) {
            if (record instanceof ARecord a) {
                addresses.add(Ip.of(a.getAddress()));
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(Ip.of(aaaa.getAddress()));
            }
        }
        return new Found(
                List.copyOf(addresses),
                addresses.isEmpty() ? "its DNS has no address (" + Rcode.string(answer.getRcode()) + ")" : "");
    }

    private Found askOverTcp(Message query) throws IOException {
        SimpleResolver resolver =
                new SimpleResolver(new InetSocketAddress(server.ip().toInetAddress(), server.port()));
        resolver.setTCP(true);
        resolver.setTimeout(TCP_PATIENCE);
        return found(resolver.send(query));
    }

    private static void sendAgain(DatagramChannel channel, Map<Integer, Flight> flights, Map<Question, Found> found)
            throws IOException {
        long now = System.nanoTime();
        for (Map.Entry<Integer, Flight> entry : List.copyOf(flights.entrySet())) {
            Flight flight = entry.getValue();
            if (now - flight.due < 0) {
                continue;
            }
            if (flight.tries == MAX_TRIES) {
                if (found.isEmpty()) {
                    // Waiting so long for each of them would take hours.
                    throw new IOException("no answer at all");
                }
                flights.remove(entry.getKey());
                found.put(flight.question, new Found(List.of(), "its DNS does not answer"));
            } else {
                send(channel, flight);
            }
        }
    }
}
