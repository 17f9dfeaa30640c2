package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.store.StateFollower;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Allocators, followers, the apps that they are told of, and what they said. */
final class SafetyCluster implements AutoCloseable {
    private static final int ALLOCATORS = 3;
    private static final int FOLLOWERS = 5;
    private static final int NAMES = 40;
    private static final int MAX_APPS = 14;
    private static final int POOL_SIZE = 32;
    private static final Duration QUARANTINE = Duration.ofSeconds(12);

    /** A commit may take as long as a session lives before its outcome is known, and the quarantine is stamped before. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration SESSION = Duration.ofSeconds(3);

    /** After which each allocator must have read a file that it was not kept from reading. */
    private static final Duration KNOWN_AFTER = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterNetwork network;
    private final TestEnsemble ensemble;
    private final Path dir;
    private final Path apps;
    private final ClockOffset clockOffset;
    private final List<ClusterProcess> allocators = new ArrayList<>();
    private final List<Path> clocks = new ArrayList<>();
    private final List<StateFollower> followers = new ArrayList<>();
    private final List<ZooKeeperClient> clients = new ArrayList<>();
    private final AdminTls tls;
    private final HttpClient http;

    /** The apps that exist, and since when (System.nanoTime). */
    private final Map<ServiceName, Long> wantedSince = new ConcurrentHashMap<>();

    /** Addresses that an allocator's API has shown. */
    private final Map<ServiceName, String> acknowledged = new ConcurrentHashMap<>();

    private final SafetyOperator operator;
    private final TableChecker checker;
    private final TableHistory history;

    SafetyCluster(ClusterNetwork network, TestEnsemble ensemble, Path dir) throws Exception {
        this.network = network;
        this.ensemble = ensemble;
        this.dir = dir;
        this.clockOffset = new ClockOffset(dir);
        this.apps = Files.createDirectories(dir.resolve("apps"));
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= ALLOCATORS; i++) {
            addresses.add(network.machine("a" + i).ip());
        }
        this.tls = AdminTls.make(dir, addresses);
        this.http = tls.client(Duration.ofMillis(300));
        for (int i = 1; i <= ALLOCATORS; i++) {
            allocators.add(allocator("a" + i));
        }
        this.operator =
                new SafetyOperator(http, allocators.stream().map(this::url).toList(), Ip.of("11.0.0.0"), POOL_SIZE);
        this.checker = new TableChecker(QUARANTINE.minus(SLACK), this::isKnownByAll, operator::asked);
        this.history = new TableHistory(ensemble.connect(), checker);
    }

    private ClusterProcess allocator(String name) throws IOException, InterruptedException {
        ClusterNetwork.Machine machine = network.machine(name);
        Path clock = dir.resolve(name + ".clock");
        clocks.add(clock);
        Map<String, String> environment = new HashMap<>(clockOffset.environment(clock));
        environment.put("L4LB_JAVA_OPTS", "-Xmx160m -XX:TieredStopAtLevel=1");
        int port = network.canCut() ? 62080 : 62090 + allocators.size();
        List<String> command = new ArrayList<>(List.of(
                Checkout.launcher().toString(),
                "allocator",
                "--apps",
                apps.toString(),
                "--data",
                dir.resolve(name).toString(),
                "--admin-listen",
                machine.ip() + ":" + port,
                "--zookeeper",
                ensemble.connect(),
                "--zookeeper-session",
                SESSION.toSeconds() + "s",
                "--quarantine",
                QUARANTINE.toSeconds() + "s",
                "--pool",
                "11.0.0.0-11.0.0.31"));
        command.addAll(tls.options());
        return new ClusterProcess(machine, command, environment, dir.resolve(name + ".log"));
    }

    void start() throws IOException, InterruptedException {
        ensemble.start();
        for (ClusterProcess allocator : allocators) {
            allocator.ensureRunning();
        }
        for (int i = 0; i < FOLLOWERS; i++) {
            ZooKeeperSettings settings = ZooKeeperSettings.of(ensemble.connect())
                    .withTimeouts(SESSION, Duration.ofSeconds(10))
                    .withReloadJitter(Duration.ofMillis(50));
            ZooKeeperClient client = new ZooKeeperClient(settings, new PrometheusRegistry());
            clients.add(client);
            PrometheusRegistry registry = new PrometheusRegistry();
            StateFollower follower = new StateFollower(
                    client,
                    Optional.empty(),
                    state -> {},
                    registry,
                    new ProblemBoard(registry, InstantSource.system()));
            followers.add(follower);
            client.start();
            follower.start();
        }
        try {
            Await.until(
                    "an allocator writes",
                    Duration.ofSeconds(60),
                    () -> history.state().seq() > 0);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + lastWords(), e);
        }
    }

    /** For the report of a failure. */
    String lastWords() {
        StringBuilder words = new StringBuilder();
        allocators.forEach(allocator -> words.append(allocator.lastWords()).append('\n'));
        ensemble.servers().forEach(server -> words.append(server.lastWords()).append('\n'));
        return words.toString();
    }

    boolean canSetClocks() {
        return clockOffset.isPossible();
    }

    List<ClusterProcess> allocators() {
        return allocators;
    }

    TableHistory history() {
        return history;
    }

    /** Puts the clock of one allocator's machine forward or back. */
    void setClock(int allocator, int seconds) throws IOException {
        ClockOffset.set(clocks.get(allocator), seconds);
    }

    private static ServiceName name(int number) {
        return new ServiceName("svc-" + number + ".marathon." + ServiceName.ZONE);
    }

    /** An app comes or goes. */
    void changeApps(Random random) throws IOException {
        int number = random.nextInt(NAMES);
        Path file = apps.resolve("svc-" + number + ".json");
        ServiceName name = name(number);
        if (wantedSince.containsKey(name)) {
            wantedSince.remove(name);
            acknowledged.remove(name);
            operator.forget(name);
            Files.delete(file);
        } else if (wantedSince.size() < MAX_APPS) {
            Path temporary = dir.resolve("app.tmp");
            Files.writeString(
                    temporary,
                    "{\"id\":\"/svc-" + number
                            + "\",\"cmd\":\"x\",\"instances\":1,\"portDefinitions\":[{\"port\":10000,"
                            + "\"protocol\":\"tcp\",\"labels\":{\"VIP_0\":\"/svc-" + number + ":80\"}}]}");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            wantedSince.put(name, System.nanoTime());
        }
    }

    /** An operator moves a name, or takes a reservation back. */
    void changeByOperator(Random random) {
        List<ServiceName> names = wantedSince.keySet().stream()
                .sorted(Comparator.comparing(ServiceName::fqdn))
                .toList();
        if (names.isEmpty()) {
            return;
        }
        ServiceName name = names.get(random.nextInt(names.size()));
        if (random.nextInt(4) == 0) {
            operator.release(name, random);
        } else {
            operator.move(name, random);
        }
    }

    private boolean isKnownByAll(ServiceName name) {
        Long since = wantedSince.get(name);
        return since != null && System.nanoTime() - since > KNOWN_AFTER.toNanos();
    }

    /** What any allocator's API shows is a promise. */
    void lookAtAnswers() {
        for (ClusterProcess allocator : allocators) {
            for (Allocation seen : answer(allocator)) {
                // A name that was moved may be shown where it was, by one that has been cut off since.
                if (seen.isAllocated() && wantedSince.containsKey(seen.name()) && !operator.hasTouched(seen.name())) {
                    acknowledged.put(seen.name(), seen.address().toString());
                }
            }
        }
    }

    private String url(ClusterProcess allocator) {
        int port = network.canCut() ? 62080 : 62090 + allocators.indexOf(allocator);
        return "https://" + allocator.machine().ip() + ":" + port;
    }

    private List<Allocation> answer(ClusterProcess allocator) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(allocator) + "/v1/allocations"))
                .timeout(Duration.ofMillis(500))
                .header("Authorization", AdminTls.AUTHORIZATION)
                .build();
        List<Allocation> allocations = new ArrayList<>();
        try {
            JsonNode body = JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            for (JsonNode one : body) {
                boolean live = one.path("state").asText().equals("allocated");
                allocations.add(new Allocation(
                        new ServiceName(one.path("name").asText()),
                        Ip.of(one.path("address").asText()),
                        Optional.empty(),
                        live ? Allocation.Status.ALLOCATED : Allocation.Status.QUARANTINED,
                        0,
                        ""));
            }
        } catch (IOException e) {
            // Killed, paused or cut off: then it promises nothing.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return allocations;
    }

    /** The workload's own pace; faults need time to show. */
    void pace(Random random) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400)));
    }

    /** Whether exactly the names that are wanted have an address, and nothing is reserved any more. */
    boolean settled(Map<String, String> live, Random random) {
        State state = history.state();
        List<Allocation> all = state.vips()
                .flatMap(vip -> vip.allocation().stream())
                .sorted(Comparator.comparing(one -> one.name().fqdn()))
                .toList();
        if (!operator.releaseAll(all, random)) {
            return false;
        }
        state.vips()
                .flatMap(vip -> vip.allocation().stream())
                .filter(Allocation::isAllocated)
                .forEach(allocation ->
                        live.put(allocation.name().fqdn(), allocation.address().toString()));
        return live.keySet().equals(wanted());
    }

    private java.util.Set<String> wanted() {
        java.util.Set<String> names = new java.util.TreeSet<>();
        wantedSince.keySet().forEach(name -> names.add(name.fqdn()));
        return names;
    }

    void awaitFollowers(Duration limit) {
        Await.until("all followers end with the same table", limit, () -> {
            State state = history.state();
            return followers.stream()
                    .allMatch(follower -> !follower.stale()
                            && follower.current().seq() == state.seq()
                            && follower.current().hash() == state.hash());
        });
        for (StateFollower follower : followers) {
            assertTrue(follower.divergences() == 0, "a follower diverged");
        }
    }

    int moves() {
        return operator.moves();
    }

    /** What was shown was true, and is still there where it is still wanted. */
    void checkAcknowledged() {
        State state = history.state();
        Map<ServiceName, String> promises = new HashMap<>(acknowledged);
        promises.keySet().removeIf(operator::hasTouched);
        promises.putAll(operator.promised());
        promises.forEach((name, address) -> {
            assertTrue(checker.held(name, address), name + " was said to have " + address + ", but no version gave it");
            String now = state.allocation(name)
                    .filter(Allocation::isAllocated)
                    .map(allocation -> allocation.address().toString())
                    .orElse("nothing");
            assertTrue(now.equals(address), name + " was promised " + address + " and has " + now);
        });
    }

    String summary() {
        State state = history.state();
        return state.seq() + " batches by " + state.epoch() + " writers, " + acknowledged.size()
                + " promises kept at the end, " + checker.reuses() + " addresses used again after their quarantine, "
                + operator.moves() + " names moved";
    }

    @Override
    public void close() {
        history.close();
        allocators.forEach(ClusterProcess::close);
        followers.forEach(StateFollower::close);
        clients.forEach(ZooKeeperClient::close);
    }
}
