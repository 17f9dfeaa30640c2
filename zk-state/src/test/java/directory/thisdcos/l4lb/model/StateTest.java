package directory.thisdcos.l4lb.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of the fold. */
class StateTest {
    private static final int SEEDS = 60;

    static State restored(State state) {
        return State.restoreVips(
                state.epoch(), state.seq(), state.pools(), state.vips().toList());
    }

    static Map<Target, Vip> content(State state) {
        return state.vips().collect(Collectors.toMap(Vip::target, vip -> vip));
    }

    /** Addresses that a name was moved from are in quarantine: a new leader that forgot them could give them away. */
    @Test
    void theIndexMadeAnewKnowsEveryHolder() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            State state = new RandomStates(seed, 8).state(20);
            for (State other : List.of(state.reindexed(), restored(state))) {
                state.vips()
                        .flatMap(vip -> vip.allocation().stream())
                        .forEach(allocation -> allocation
                                .occupied()
                                .forEach(ip -> assertEquals(Optional.of(allocation.name()), other.holder(ip))));
            }
        });
    }

    @Test
    void partsOfOneShardAreRefused() {
        Vip vip = new RandomStates(1, 1).state(30).vips().findFirst().orElseThrow();
        StatePart part = StatePart.of(List.of(vip));
        assertThrows(IllegalArgumentException.class, () -> State.restore(1, 1, Optional.empty(), List.of(part, part)));
        assertThrows(IllegalArgumentException.class, () -> StatePart.of(List.of(vip, vip)));
    }

    @Test
    void theHashOfTheFoldIsTheHashOfTheContent() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            RandomStates random = new RandomStates(seed, 8);
            State state = State.EMPTY;
            for (int i = 0; i < 12; i++) {
                state = state.apply(random.batch(state));
                State restored = restored(state);
                assertEquals(restored.hash(), state.hash());
                assertEquals(content(restored), content(state));
                assertEquals(state.size(), content(state).size());
            }
        });
    }

    @Test
    void theSameChangesTwiceAreTheSame() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            RandomStates random = new RandomStates(seed, 8);
            State before = random.state(10);
            // Removals and puts of one key may not be repeated as a whole, but each change may.
            State once = before;
            State twice = before;
            for (Change change : random.changes(50)) {
                once = once.fold(List.of(change));
                twice = twice.fold(List.of(change, change));
                assertEquals(once.hash(), twice.hash());
                assertEquals(content(once), content(twice));
            }
        });
    }

    @Test
    void theOrderOfTargetsDoesNotMatter() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            RandomStates random = new RandomStates(seed, 8);
            State before = random.state(10);
            List<Change> changes = random.changes(50);
            Map<Optional<Target>, List<Change>> byTarget =
                    changes.stream().collect(Collectors.groupingBy(Change::target));
            List<Change> regrouped = new ArrayList<>();
            byTarget.values().forEach(regrouped::addAll);
            assertEquals(before.fold(changes).hash(), before.fold(regrouped).hash());
            assertEquals(content(before.fold(changes)), content(before.fold(regrouped)));
        });
    }

    @Test
    void equalContentHasEqualHashesAndOtherContentHasNot() throws Exception {
        Set<Long> hashes = new HashSet<>();
        Set<Map<Target, Vip>> contents = new HashSet<>();
        RandomStates random = new RandomStates(7, 4);
        State state = State.EMPTY;
        for (int i = 0; i < 2_000; i++) {
            Change change = random.change();
            if (!(change instanceof Change.PoolsPut)) {
                state = state.fold(List.of(change));
                hashes.add(state.hash());
                contents.add(content(state));
            }
        }
        assertEquals(contents.size(), hashes.size());
    }

    @Test
    void theHolderOfAnAddressIsItsAllocation() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            State state = new RandomStates(seed, 8).state(30);
            Map<Ip, ServiceName> expected = new HashMap<>();
            state.vips()
                    .flatMap(vip -> vip.allocation().stream())
                    .forEach(allocation -> allocation.occupied().forEach(ip -> expected.put(ip, allocation.name())));
            State restored = restored(state);
            for (int i = 0; i < 200; i++) {
                for (Ip ip :
                        List.of(Ip.of("11.0.0.0").plus(i), Ip.of("fd01:c::").plus(i))) {
                    assertEquals(Optional.ofNullable(expected.get(ip)), state.holder(ip));
                    assertEquals(state.holder(ip), restored.holder(ip));
                }
            }
        });
    }

    @Test
    void twoNamesMaySwapAddressesInOneBatch() {
        ServiceName a = RandomStates.name(1);
        ServiceName b = RandomStates.name(2);
        Ip one = Ip.of("11.0.0.1");
        Ip two = Ip.of("11.0.0.2");
        State state = State.EMPTY.fold(List.of(put(a, one), put(b, two)));
        State swapped = state.fold(List.of(put(a, two), put(b, one)));
        assertEquals(Optional.of(b), swapped.holder(one));
        assertEquals(Optional.of(a), swapped.holder(two));
    }

    private static Change put(ServiceName name, Ip ip) {
        return new Change.AllocationPut(
                new Allocation(name, ip, Optional.empty(), Allocation.Status.ALLOCATED, 0, "/owner"));
    }

    @Test
    void visitsExactlyTheDifferences() throws Exception {
        Seeds.forEach(SEEDS, seed -> {
            RandomStates random = new RandomStates(seed, 50);
            State before = random.state(20);
            State after = before.fold(random.changes(new Random(seed).nextInt(30)));
            checkDifferences(before, after);
            checkDifferences(after, before);
            // After a reload from elsewhere nothing is the same object, and still only differences count.
            checkDifferences(before, restored(after));
            checkDifferences(State.EMPTY, after);
            checkDifferences(after, after);
        });
    }

    private static void checkDifferences(State before, State after) {
        Map<Target, Vip> old = content(before);
        Map<Target, Vip> now = content(after);
        Set<Target> expected = new HashSet<>(old.keySet());
        expected.addAll(now.keySet());
        expected.removeIf(target -> Objects.equals(old.get(target), now.get(target)));
        Set<Target> visited = new HashSet<>();
        after.forEachDifference(before, (was, is) -> {
            Target target =
                    is != null ? is.target() : Objects.requireNonNull(was).target();
            assertTrue(visited.add(target));
            assertEquals(old.get(target), was);
            assertEquals(now.get(target), is);
        });
        assertEquals(expected, visited);
        Set<Integer> shards = expected.stream().map(State::shardOf).collect(Collectors.toSet());
        assertEquals(shards, new HashSet<>(after.changedShards(before)));
    }

    @Test
    void everyTargetIsInItsShard() {
        State state = new RandomStates(3, 500).state(100);
        IntStream.range(0, State.SHARDS)
                .forEach(shard ->
                        state.shard(shard).values().forEach(vip -> assertEquals(shard, State.shardOf(vip.target()))));
    }

    @Test
    void batchesFollowWithoutAGap() {
        assertThrows(IllegalArgumentException.class, () -> State.EMPTY.apply(new Batch(1, 2, 0, List.of())));
        State one = State.EMPTY.apply(new Batch(3, 1, 0, List.of()));
        assertEquals(3, one.epoch());
        assertEquals(1, one.seq());
        assertThrows(IllegalArgumentException.class, () -> one.apply(new Batch(3, 1, 0, List.of())));
    }

    @Test
    void aChangeOfAMissingServiceDoesNothing() {
        ServiceKey key = new ServiceKey(RandomStates.name(1), Protocol.TCP, 80);
        Endpoint endpoint = Endpoint.parse("10.0.0.1:80");
        Backend backend = new Backend(endpoint, Optional.empty(), 1, Health.HEALTHY, "", "", "", "");
        State state = State.EMPTY.fold(List.of(
                new Change.BackendPut(key, backend),
                new Change.BackendRemoved(key, endpoint),
                new Change.ServiceRemoved(key),
                new Change.AllocationRemoved(RandomStates.name(1))));
        assertEquals(0, state.hash());
        assertEquals(0, state.size());
        assertNotEquals(
                0, State.EMPTY.fold(List.of(new Change.PoolsPut(Pools.DEFAULT))).hash());
    }

    @Test
    void anOlderStateNeverChanges() {
        RandomStates random = new RandomStates(5, 8);
        State before = random.state(20);
        Map<Target, Vip> content = content(before);
        long hash = before.hash();
        before.fold(random.changes(500));
        assertEquals(content, content(before));
        assertEquals(hash, before.hash());
    }
}
