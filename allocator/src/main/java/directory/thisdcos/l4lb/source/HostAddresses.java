package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Ip;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Addresses of agents, which sources name by address or by host name. A name that was resolved once keeps its address
 * when it cannot be resolved any more: a DNS failure must not withdraw backends that work. Safe for every thread.
 */
public final class HostAddresses {

    /** Asks the resolver; replaced in tests. */
    public interface Lookup {
        List<Ip> addresses(String host) throws UnknownHostException;
    }

    /** For so long an answer, or a failure, is not asked for again. */
    public static final Duration MEMORY = Duration.ofSeconds(30);

    private record Answer(Optional<Ip> ip, Instant asked) {}

    private final Lookup lookup;
    private final InstantSource clock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicLong names = new AtomicLong();

    public HostAddresses(Lookup lookup, InstantSource clock) {
        this.lookup = lookup;
        this.clock = clock;
    }

    /** With the machine's resolver. */
    public static HostAddresses ofSystem(InstantSource clock) {
        return new HostAddresses(
                host -> Arrays.stream(InetAddress.getAllByName(host))
                        .map(Ip::of)
                        .toList(),
                clock);
    }

    /** The address of a literal, of {@code localhost}, or of a name; IPv4 if it has both. */
    public Optional<Ip> resolve(String host) {
        Optional<Ip> literal = literal(host);
        if (literal.isPresent() || host.isBlank()) {
            return literal;
        }
        names.incrementAndGet();
        Instant now = clock.instant();
        Answer known = answers.get(host);
        if (known != null && now.isBefore(known.asked.plus(MEMORY))) {
            return known.ip;
        }
        Optional<Ip> found = ask(host);
        Answer answer = new Answer(found.isEmpty() && known != null ? known.ip : found, now);
        answers.put(host, answer);
        return answer.ip;
    }

    /** The address that a text is by itself, without a resolver. */
    public static Optional<Ip> literal(String host) {
        return host.equals("localhost") ? Optional.of(Ip.of("127.0.0.1")) : Ip.parse(host);
    }

    /** Counts the names asked for, so that a reader knows whether its result depends on the resolver. */
    public long names() {
        return names.get();
    }

    private Optional<Ip> ask(String host) {
        try {
            return lookup.addresses(host).stream().min(Comparator.comparing(Ip::family));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
