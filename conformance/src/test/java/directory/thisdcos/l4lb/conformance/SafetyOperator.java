package directory.thisdcos.l4lb.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Someone who moves names to addresses of their choice, by any allocator's API, and takes reservations back. */
final class SafetyOperator {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final List<String> allocators;
    private final Ip pool;
    private final int poolSize;

    /** Each address that was ever asked for, as {@code NAME ADDRESS}. */
    private final Set<String> requested = ConcurrentHashMap.newKeySet();

    private final Set<ServiceName> touched = ConcurrentHashMap.newKeySet();

    /** The address that the last order was answered with; nothing while the outcome of one is unknown. */
    private final Map<ServiceName, String> promised = new TreeMap<>(java.util.Comparator.comparing(ServiceName::fqdn));

    private int moves;

    /** @param allocators the URLs of their APIs */
    SafetyOperator(HttpClient http, List<String> allocators, Ip pool, int poolSize) {
        this.http = http;
        this.allocators = allocators;
        this.pool = pool;
        this.poolSize = poolSize;
    }

    /** Whether an order for this was ever sent; what came of it may be unknown. */
    boolean asked(ServiceName name, Ip address) {
        return requested.contains(name + " " + address);
    }

    boolean hasTouched(ServiceName name) {
        return touched.contains(name);
    }

    Map<ServiceName, String> promised() {
        return promised;
    }

    void forget(ServiceName name) {
        promised.remove(name);
    }

    int moves() {
        return moves;
    }

    /** Moves a name to a random address, which may well be taken or in quarantine. */
    void move(ServiceName name, Random random) {
        String allocator = allocators.get(random.nextInt(allocators.size()));
        Ip address = pool.plus(random.nextInt(poolSize));
        String path = allocator + "/v1/allocations/" + name.prefix();
        Optional<String> tag = send(HttpRequest.newBuilder(URI.create(path)))
                .filter(answer -> answer.statusCode() == OK)
                .flatMap(answer -> answer.headers().firstValue("ETag"));
        if (tag.isEmpty()) {
            return;
        }
        requested.add(name + " " + address);
        touched.add(name);
        promised.remove(name);
        Optional<HttpResponse<String>> answer = send(HttpRequest.newBuilder(URI.create(path))
                .header("If-Match", tag.get())
                .PUT(HttpRequest.BodyPublishers.ofString("{\"address\":\"" + address + "\"}")));
        if (answer.filter(one -> one.statusCode() == OK).isPresent()) {
            moves++;
            promised.put(name, addressIn(answer.get().body()));
        }
    }

    private static String addressIn(String body) {
        try {
            return JSON.readTree(body).path("address").asText();
        } catch (IOException e) {
            throw new AssertionError("an allocator answered " + body, e);
        }
    }

    void release(ServiceName name, Random random) {
        String allocator = allocators.get(random.nextInt(allocators.size()));
        send(HttpRequest.newBuilder(URI.create(allocator + "/v1/allocations/" + name.prefix()))
                .DELETE());
    }

    /** Takes back every reservation that a table still has; true if there was none. */
    boolean releaseAll(List<Allocation> allocations, Random random) {
        List<Allocation> reserved =
                allocations.stream().filter(one -> one.hold().reserved()).toList();
        reserved.forEach(one -> release(one.name(), random));
        return reserved.isEmpty();
    }

    /** Empty where nothing was answered: killed, paused or cut off. */
    private Optional<HttpResponse<String>> send(HttpRequest.Builder request) {
        try {
            return Optional.of(http.send(
                    request.timeout(PATIENCE)
                            .header("Authorization", AdminTls.AUTHORIZATION)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
