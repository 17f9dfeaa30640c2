package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest extends PlanBed {

    @Test
    void aNameGetsTheAddressOfDcosNetAndKeepsIt() {
        say(new Said("a").app("/foo:80", "10.0.0.1:1").all());
        Allocation first = allocation("/foo:80");
        assertEquals(Ip.of("11.64.238.105"), first.address());
        assertEquals(Optional.empty(), first.address6());
        assertEquals(Optional.of(Pools.DEFAULT), state.pools());
        now = 2000;
        say(new Said("a")
                .app("/foo:80", "10.0.0.2:1", "[fd01:b::1]:1")
                .app("foo:81")
                .all());
        assertEquals(first.address(), allocation("/foo:80").address());
        assertEquals(
                Optional.of(Ip.of("fd01:c::71d:4de:6197:4a34")),
                allocation("/foo:80").address6());
        assertEquals(1000, allocation("/foo:80").since());
        assertEquals(1000, service("/foo:80").spec().since());
        assertEquals(2000, service("/foo:81").spec().since());
        assertEquals(
                Set.of(Endpoint.parse("10.0.0.2:1"), Endpoint.parse("[fd01:b::1]:1")),
                service("/foo:80").backends().keySet());
        say(new Said("a").app("/foo:80").all());
        assertTrue(allocation("/foo:80").address6().isPresent(), "an IPv6 address is kept once it is there");
        assertTrue(service("/foo:80").backends().isEmpty());
    }

    @Test
    void balancingFollowsTheLabelsAndIsKeptWhileTheirSourceIsSilent() {
        say(new Said("a").options("/x", "x:80", "scheduler=sh").all());
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler());
        inventory = inventory("a");
        run();
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler(), "the source has not spoken yet");
        say(new Said("a").options("/x", "x:80", "scheduler=mh flags=fallback").all());
        assertEquals(
                Balancing.of(Scheduler.MH).withHashPort(false),
                service("x:80").spec().balancing());
        say(new Said("a").app("x:80").all());
        assertEquals(Balancing.DEFAULT, service("x:80").spec().balancing());
    }

    @Test
    void allPortsOfANamePersist() {
        say(new Said("a")
                .options("/x", "x:*", "scheduler=rr")
                .options("/y", "y:*", "persistenceSeconds=0")
                .all());
        assertEquals(
                Balancing.of(Scheduler.RR).withPersistence(300),
                service("x:*").spec().balancing());
        assertEquals(
                Balancing.DEFAULT.withPersistence(300), service("y:*").spec().balancing());
        assertEquals(List.of("vip-option y.marathon.l4lb.thisdcos.directory:0/tcp"), problems());
    }

    @Test
    void optionsThatContradictAreAProblem() {
        say(new Said("a")
                .options("/x", "x:80", "scheduler=sh onePacket=true")
                .options("/y", "x:80", "scheduler=rr")
                .all());
        assertEquals(Scheduler.SH, service("x:80").spec().scheduler());
        assertEquals(
                List.of(
                        "vip-option x.marathon.l4lb.thisdcos.directory:80/tcp",
                        "vip-option x.marathon.l4lb.thisdcos.directory:80/tcp"),
                problems());
    }

    @Test
    void aProcessThatAsksNobodyWithdrawsNothing() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").all(),
                new Said("b").app("y:80").all());
        State before = state;
        inventory = inventory();
        run();
        assertEquals(before.hash(), state.hash(), plan.changes()::toString);
    }

    @Test
    void changesAreMinimal() {
        say(new Said("a").app("x:80", "10.0.0.1:1", "10.0.0.2:1").app("y:80").all());
        say(new Said("a").app("x:80", "10.0.0.1:1", "10.0.0.3:1").app("y:80").all());
        assertEquals(2, plan.changes().size(), plan.changes()::toString);
        assertTrue(plan.changes().get(0) instanceof Change.BackendPut, "the new one comes before the old one goes");
        assertTrue(plan.changes().get(1) instanceof Change.BackendRemoved);
    }

    @Test
    void exhaustionCostsOnlyTheLateNames() {
        pools = TINY;
        say(new Said("a").app("x:80").app("y:80").all());
        Ip x = allocation("x:80").address();
        say(new Said("a").app("a:80").app("b:80").app("x:80").app("y:80").all());
        assertEquals(
                List.of(
                        "pool-exhausted a.marathon.l4lb.thisdcos.directory",
                        "pool-exhausted b.marathon.l4lb.thisdcos.directory"),
                problems());
        assertEquals(x, allocation("x:80").address());
    }

    private int mark(String label) {
        return service(label).spec().balancing().fwmark();
    }

    @Test
    void aMarkBelongsToTheNameThatHadItFirst() {
        say(new Said("a")
                .options("/y", "y:80", "fwmark=17")
                .options("/y", "y:443", "fwmark=17")
                .all());
        say(new Said("b")
                .options("/x", "x:80", "fwmark=17")
                .options("/x", "x:*", "fwmark=18")
                .all());
        assertEquals(17, mark("y:80"));
        assertEquals(17, mark("y:443"));
        assertEquals(0, mark("x:80"));
        assertEquals(0, mark("x:*"), "only ports have one");
        assertEquals(
                List.of(
                        "vip-option x.marathon.l4lb.thisdcos.directory:0/tcp",
                        "fwmark-taken x.marathon.l4lb.thisdcos.directory:80/tcp"),
                problems());
        assertTrue(found().get(1).message().startsWith("fwmark 17 belongs to y.marathon.l4lb.thisdcos.directory;"));
        inventory.touched();
        inventory.apply(new Said("a").options("/y", "y:80", "fwmark=19").all(), now);
        assertTrue(
                Scopes.of(inventory.touched(), inventory, state, plan.problems().keySet())
                        .covers(Said.name("x:80")));
        run();
        assertEquals(17, mark("x:80"));
        assertEquals(19, mark("y:80"));
    }
}
