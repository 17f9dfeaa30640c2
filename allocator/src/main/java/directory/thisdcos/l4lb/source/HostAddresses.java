package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Ip;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Addresses of agents, which sources name by address or by host name. A name that was resolved once keeps its address
 * when it cannot be resolved any more: a DNS failure must not withdraw backends that work. Safe for every thread.
 *
 * <p>Names are asked for where the executor runs. With one of other threads {@link #resolve} never waits: a new name
 * has no address at first, and listeners hear when it has one, or another one than before.
 */
public final class HostAddresses {

    /** Asks the resolver; may wait. */
    public interface Lookup {
        List<Ip> addresses(String host) throws UnknownHostException;
    }

    /** For so long an answer, or a failure, is not asked for again. */
    public static final Duration MEMORY = Duration.ofSeconds(30);

    /** More names than any cluster has agents; further ones are not resolved. */
    static final int MAX_NAMES = 100_000;

    private record Answer(Optional<Ip> ip, Instant asked, boolean settled, boolean asking) {
        boolean isDue(Instant now) {
            return !asking && (!settled || !now.isBefore(asked.plus(MEMORY)));
        }
    }

    private final Lookup lookup;
    private final InstantSource clock;
    private final Executor executor;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicInteger unsettled = new AtomicInteger();

    /** Asks in the thread of the caller, who waits. */
    public HostAddresses(Lookup lookup, InstantSource clock) {
        this(lookup, clock, Runnable::run);
    }

    public HostAddresses(Lookup lookup, InstantSource clock, Executor executor) {
        this.lookup = lookup;
        this.clock = clock;
        this.executor = executor;
    }

    /** The address of a literal, of {@code localhost}, or of a name; IPv4 if it has both. Empty while it is unknown. */
    public Optional<Ip> resolve(String host) {
        Optional<Ip> literal = literal(host);
        if (literal.isPresent() || host.isBlank()) {
            return literal;
        }
        names.incrementAndGet();
        askIfDue(host, clock.instant());
        return Optional.ofNullable(answers.get(host)).flatMap(Answer::ip);
    }

    /** The address that a text is by itself, without a resolver. */
    public static Optional<Ip> literal(String host) {
        return host.equals("localhost") ? Optional.of(Ip.of("127.0.0.1")) : Ip.parse(host);
    }

    /** Whether the name was asked for with success or failure; until then nothing is known of it. */
    public boolean isSettled(String host) {
        Answer answer = answers.get(host);
        return literal(host).isPresent() || host.isBlank() || (answer != null && answer.settled);
    }

    /** How many names were asked for and have neither an address nor a failure yet. */
    public int unsettled() {
        return unsettled.get();
    }

    /** Counts the names asked for, so that a reader knows whether its result depends on the resolver. */
    public long names() {
        return names.get();
    }

    /** Counts how often a name got an address, or another one. */
    public long changes() {
        return changes.get();
    }

    /**
     * Calls {@code listener} with each name that is settled now, or has another address; from the executor's thread.
     */
    public void addListener(Consumer<String> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<String> listener) {
        listeners.remove(listener);
    }

    /** Asks anew for every name whose answer is older than {@link #MEMORY}. */
    public void refresh() {
        Instant now = clock.instant();
        answers.keySet().forEach(host -> askIfDue(host, now));
    }

    private void askIfDue(String host, Instant now) {
        if (!answers.containsKey(host) && answers.size() >= MAX_NAMES) {
            return;
        }
        boolean[] ask = {false};
        answers.compute(host, (name, known) -> {
            if (known == null) {
                unsettled.incrementAndGet();
            }
            Answer before = known == null ? new Answer(Optional.empty(), now, false, false) : known;
            ask[0] = before.isDue(now);
            return ask[0] ? new Answer(before.ip, now, before.settled, true) : before;
        });
        if (ask[0]) {
            start(host);
        }
    }

    private void start(String host) {
        try {
            executor.execute(() -> ask(host));
        } catch (RejectedExecutionException e) {
            // The program ends, or too many wait: it counts as not asked.
            answers.computeIfPresent(host, (name, known) -> new Answer(known.ip, known.asked, known.settled, false));
        }
    }

    private void ask(String host) {
        Optional<Ip> found = Optional.empty();
        try {
            found = lookup.addresses(host).stream().min(Comparator.comparing(Ip::family));
        } catch (UnknownHostException e) {
            // What was known stays; who needs the name reports that it has no address.
        } finally {
            settle(host, found);
        }
    }

    private void settle(String host, Optional<Ip> found) {
        Answer before = answers.get(host);
        Optional<Ip> known = before == null ? Optional.empty() : before.ip;
        answers.put(host, new Answer(found.isEmpty() ? known : found, clock.instant(), true, false));
        boolean isChange = found.isPresent() && !found.equals(known);
        boolean isFirst = before != null && !before.settled;
        if (isChange) {
            changes.incrementAndGet();
        }
        if (isFirst) {
            unsettled.decrementAndGet();
        }
        // A first failure decides something too: nobody needs to wait for this name any longer.
        if (isChange || isFirst) {
            listeners.forEach(listener -> listener.accept(host));
        }
    }
}
