package directory.thisdcos.l4lb.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random changes and states, the same for the same seed. Few names, ports and backends, so that changes meet; addresses
 * are never held by two names. Texts hold quotes, control characters, and lone surrogates.
 */
public final class RandomStates {
    private static final String[] TEXTS = {
        "",
        "/my-service",
        "marathon",
        "a\"b\\c",
        "tab\tnew\nline\u0000",
        "ünï©ödé 日本",
        "\ud83d\ude00",
        "lone \ud83d end",
        "x"
    };

    private static final List<Health> HEALTHS = List.of(Health.values());

    private final Random random;
    private final int targets;
    private int nextAddress = 1;

    /** @param targets number of different names, and of different fixed addresses */
    public RandomStates(long seed, int targets) {
        this.random = new Random(seed);
        this.targets = targets;
    }

    /** A state after {@code batches} random batches. */
    public State state(int batches) {
        State state = State.EMPTY;
        for (int i = 0; i < batches; i++) {
            state = state.apply(batch(state));
        }
        return state;
    }

    /** A random batch that follows a state, with the right hash. */
    public Batch batch(State state) {
        List<Change> changes = changes(random.nextInt(20));
        long epoch = Math.max(1, state.epoch()) + random.nextInt(2);
        return new Batch(epoch, state.seq() + 1, state.fold(changes).hash(), changes);
    }

    public List<Change> changes(int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(change());
        }
        return changes;
    }

    public Change change() {
        int dice = random.nextInt(100);
        if (dice < 2) {
            return new Change.PoolsPut(pools());
        } else if (dice < 20) {
            return new Change.AllocationPut(allocation(name()));
        } else if (dice < 25) {
            return new Change.AllocationRemoved(name());
        } else if (dice < 45) {
            return new Change.ServicePut(key(), spec());
        } else if (dice < 50) {
            return new Change.ServiceRemoved(key());
        } else if (dice < 85) {
            return new Change.BackendPut(key(), backend());
        }
        return new Change.BackendRemoved(key(), endpoint());
    }

    public ServiceName name() {
        return name(random.nextInt(targets));
    }

    public static ServiceName name(int number) {
        return new ServiceName("svc-" + number + ".marathon." + ServiceName.ZONE);
    }

    private Target target() {
        if (random.nextInt(4) > 0) {
            return name();
        }
        int number = random.nextInt(targets);
        return new FixedAddress(
                random.nextBoolean()
                        ? Ip.of("3.3.0.0").plus(number)
                        : Ip.of("fd00::").plus(number));
    }

    private ServiceKey key() {
        return new ServiceKey(target(), random.nextInt(4) > 0 ? Protocol.TCP : Protocol.UDP, 80 + random.nextInt(2));
    }

    private Pools pools() {
        IpRange v4 = IpRange.parse("11.0.0.0-11.0." + random.nextInt(256) + ".255");
        IpRange v6 = IpRange.parse("fd01:c::/" + (64 + random.nextInt(32)));
        if (random.nextBoolean()) {
            return new Pools(v4, v6);
        }
        Pool first = Pool.of("first", v4).withReserved(List.of(IpRange.parse("11.0.0.0/30")));
        Pool second = Pool.of("second", IpRange.parse("12.0.0.0/" + (8 + random.nextInt(16))))
                .withSuffixes(List.of("kafka", "team-a.marathon"))
                .withDraining(random.nextBoolean());
        return new Pools(List.of(first, Pool.of("six", v6), second), List.of(IpRange.parse("3.0.0.0/8")));
    }

    private Allocation allocation(ServiceName name) {
        Ip address = Ip.of("11.0.0.0").plus(nextAddress);
        Optional<Ip> address6 =
                random.nextBoolean() ? Optional.of(Ip.of("fd01:c::").plus(nextAddress)) : Optional.empty();
        nextAddress++;
        Allocation.Status status = random.nextBoolean() ? Allocation.Status.ALLOCATED : Allocation.Status.QUARANTINED;
        return new Allocation(name, address, address6, status, random.nextLong(1L << 50), text(), hold());
    }

    private Hold hold() {
        if (random.nextInt(3) > 0) {
            return Hold.NONE;
        }
        List<Hold.Former> former = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            former.add(new Hold.Former(Ip.of("11.0.0.0").plus(nextAddress++), random.nextLong(1L << 50)));
        }
        return new Hold(random.nextBoolean(), former);
    }

    private ServiceSpec spec() {
        List<Origin> origins = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            origins.add(new Origin(text(), text(), text(), text(), random.nextInt(3) * 30_000L, text()));
        }
        return new ServiceSpec(balancing(), origins, random.nextLong(1L << 50));
    }

    private Balancing balancing() {
        Balancing balancing = Balancing.of(pick(List.of(Scheduler.values())));
        if (random.nextBoolean()) {
            return balancing.withHashPort(!balancing.scheduler().hashes() || random.nextBoolean());
        }
        ForwardingMethod method = pick(List.of(ForwardingMethod.values()));
        Balancing moved = balancing
                .withMethod(method, method == ForwardingMethod.GUE ? 1 + random.nextInt(65535) : 0)
                .withThresholds(100 + random.nextInt(100), random.nextInt(100));
        if (random.nextInt(3) == 0) {
            moved = moved.withFwmark(1 + random.nextInt(5));
        }
        if (random.nextInt(3) == 0) {
            moved = moved.withCare(new Care(
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(new Check(Check.Kind.HTTP, "/a", 100 + random.nextInt(100), 50, 1, 2)),
                    random.nextInt(60),
                    pick(List.of(Locality.values()))));
        }
        return random.nextBoolean() ? moved.withPersistence(random.nextInt(3600)) : moved.withOnePacket(true);
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Endpoint endpoint() {
        int number = random.nextInt(6);
        return new Endpoint(
                number < 4 ? Ip.of("10.0.0.0").plus(number) : Ip.of("fd02::").plus(number), 31000 + number);
    }

    private Backend backend() {
        return new Backend(
                endpoint(),
                random.nextBoolean() ? Optional.of(endpoint()) : Optional.empty(),
                random.nextInt(65536),
                HEALTHS.get(random.nextInt(HEALTHS.size())),
                text(),
                text(),
                text(),
                text(),
                text());
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }
}
