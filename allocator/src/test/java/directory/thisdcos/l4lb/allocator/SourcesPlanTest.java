package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several sources of one table, and what they do not say. */
class SourcesPlanTest extends PlanBed {

    @Test
    void sourcesShareAService() {
        say(
                new Said("a")
                        .app("/blue", "x:80", Health.UNCHECKED, "10.0.0.1:1", "10.0.0.2:1")
                        .all(),
                new Said("b")
                        .app("/green", "/x:80", Health.HEALTHY, "10.0.0.2:1", "10.0.0.3:1")
                        .all());
        assertEquals(3, service("x:80").backends().size());
        assertEquals(2, service("x:80").spec().origins().size());
        assertEquals(List.of(), problems(), "a leading slash is no collision");
        say(new Said("a").all());
        assertEquals(2, service("x:80").backends().size());
        assertTrue(service("x:80").backends().values().stream()
                .allMatch(backend -> backend.source().equals("b")));
        assertTrue(allocation("x:80").isAllocated());
    }

    @Test
    void collisionsAreOneServiceAndReported() {
        say(new Said("a")
                .app("/a/b:80", "10.0.0.1:1")
                .app("/ab:80", "10.0.0.2:1")
                .all());
        assertEquals(List.of("name-collision ab.marathon.l4lb.thisdcos.directory:80/tcp"), problems());
        assertTrue(service("ab:80").spec().isCollision());
        assertEquals(2, service("ab:80").backends().size());
    }

    @Test
    void nothingGoesBeforeASourceToldEverything() {
        say(
                new Said("a")
                        .app("x:80", "10.0.0.1:1", "10.0.0.2:1")
                        .app("z:80", "10.0.0.1:3")
                        .all(),
                new Said("b").app("y:80", "10.0.0.1:2").app("1.2.3.4:80").all());
        State before = state;
        inventory = inventory("a", "b");
        run();
        assertEquals(before.hash(), state.hash(), "after a restart nothing changes");
        say(new Said("a").app("x:80", "10.0.0.2:1", "10.0.0.3:1").part());
        assertEquals(3, service("x:80").backends().size());
        assertTrue(state.service(Said.key("z:80")).isPresent());
        say(new Said("a").app("x:80", "10.0.0.2:1").part());
        assertEquals(2, service("x:80").backends().size(), "what was mentioned since the start may go");
        say(new Said("a").app("x:80", "10.0.0.2:1").all());
        assertEquals(2, service("x:80").backends().size(), "b has told nothing yet");
        assertTrue(state.service(Said.key("z:80")).isPresent());
        say(new Said("b").all());
        assertEquals(1, service("x:80").backends().size());
        assertTrue(state.service(Said.key("z:80")).isEmpty());
        assertTrue(state.service(Said.key("y:80")).isEmpty());
        assertTrue(!state.isClaimed(Ip.of("1.2.3.4")));
    }

    @Test
    void afterTheGraceASilentSourceKeepsOnlyItsOwnPart() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").app("z:80").all(),
                new Said("b").app("y:80", "10.0.0.2:1").all());
        inventory = inventory("a", "b");
        say(new Said("a").app("x:80", "10.0.0.1:1").all());
        assertTrue(state.service(Said.key("z:80")).isPresent());
        inventory.endGrace();
        run();
        assertTrue(state.service(Said.key("z:80")).isEmpty(), "a told everything");
        assertEquals(1, service("y:80").backends().size(), "b has told nothing yet");
        inventory.forget("b", now);
        run();
        assertTrue(state.service(Said.key("y:80")).isEmpty(), "an operator said so");
        assertEquals(1, service("x:80").backends().size());
    }

    @Test
    void aFrozenSourceChangesNothingUntilItIsThawed() {
        say(new Said("a").app("x:80", "10.0.0.1:1").all(), new Said("b").all());
        inventory.freeze("a", true, now);
        say(new Said("a").all());
        say(new Said("a").app("n:80", "10.0.0.3:1").unit("n"));
        assertEquals(List.of(), plan.changes());
        assertEquals(Optional.of(2), inventory.held("a"));
        inventory.freeze("a", false, now);
        run();
        assertTrue(state.service(Said.key("x:80")).isEmpty());
        assertEquals(1, service("n:80").backends().size());
    }

    @Test
    void aFlappingBackendIsHeldBack() {
        inventory = new Inventory(
                Set.of("a"), new FlapDamper(new FlapSettings(2, Duration.ofSeconds(10), Duration.ofSeconds(30))));
        for (int i = 0; i < 2; i++) {
            say(new Said("a").app("/x", "x:80", Health.HEALTHY, "10.0.0.1:1").all());
            assertEquals(1, backend("x:80").weight());
            now += 1_000;
            say(new Said("a").app("/x", "x:80", Health.UNHEALTHY, "10.0.0.1:1").all());
            assertEquals(0, backend("x:80").weight());
        }
        say(new Said("a").app("/x", "x:80", Health.HEALTHY, "10.0.0.1:1").all());
        assertEquals(Health.FLAPPING, backend("x:80").health());
        assertEquals(0, backend("x:80").weight());
        assertEquals(List.of("flapping x.marathon.l4lb.thisdcos.directory:80/tcp 10.0.0.1:1"), problems());
        now += 30_000;
        assertTrue(inventory.damper().nextRelease() <= now);
        assertEquals(Set.of(Said.key("x:80")), Set.copyOf(inventory.damper().released(now)));
        run();
        assertEquals(Health.HEALTHY, backend("x:80").health());
        assertEquals(List.of(), problems());
    }

    private Backend backend(String label) {
        return service(label).backends().values().iterator().next();
    }

    @Test
    void aSourceThatIsNotConfiguredAnyMoreLosesItsPart() {
        say(
                new Said("a").app("x:80", "10.0.0.1:1").all(),
                new Said("b").app("x:80", "10.0.0.2:1").app("y:80").all());
        inventory = inventory("a");
        run();
        assertEquals(List.of(), plan.changes());
        say(new Said("a").app("x:80", "10.0.0.1:1").all());
        assertEquals(1, service("x:80").backends().size());
        assertEquals(1, service("x:80").spec().origins().size());
        assertEquals(Status.QUARANTINED, allocation("y:80").status());
        say(new Said("b").app("y:80").all());
        assertEquals(Status.QUARANTINED, allocation("y:80").status(), "it does not count");
    }
}
