package directory.thisdcos.l4lb.reach;

import static directory.thisdcos.l4lb.reach.NodeReach.State.KEPT;
import static directory.thisdcos.l4lb.reach.NodeReach.State.REACHABLE;
import static directory.thisdcos.l4lb.reach.NodeReach.State.SUSPECTED;
import static directory.thisdcos.l4lb.reach.NodeReach.State.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReachJudgeTest {
    private static final long HOLD = ReachSettings.DEFAULT.hold().toMillis();

    private final Crowd crowd = new Crowd(5);
    private ReachJudge judge = new ReachJudge(ReachSettings.DEFAULT);
    private long now = 1_000;

    private NodeReach.@Nullable State state(int number) {
        judge.presences(crowd.now(), now);
        return Crowd.states(judge.verdict(now)).get(Crowd.id(number));
    }

    private boolean isGone(String ip, String node) {
        judge.presences(crowd.now(), now);
        return judge.verdict(now).whyGone(Crowd.backend(ip, node)).isPresent();
    }

    @Test
    void twoWitnessesAreEnoughAndOneIsNot() {
        assertEquals(REACHABLE, state(1));
        crowd.present(2, 0, 1);
        assertEquals(SUSPECTED, state(1));
        assertFalse(isGone("10.0.0.1", "n1"));
        crowd.present(3, 0, 1);
        assertEquals(UNREACHABLE, state(1));
        assertEquals(
                "node n1: cannot be reached by n2, n3",
                judge.verdict(now).whyGone(Crowd.backend("10.0.0.1", "")).orElseThrow());
        assertEquals(REACHABLE, state(2), "it still accuses, and is not accused");
    }

    @Test
    void backendsAreMatchedByTheAgentsNameAndAddressAndNeverByAnAddressThatSeveralNodesHave() {
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        assertTrue(isGone("10.0.0.1", ""), "the address of the host port");
        assertTrue(isGone("192.168.7.7", "10.0.0.1"), "a container's own address, on that agent");
        assertTrue(isGone("192.168.7.7", "N1"), "the agent's host name is the node's id");
        assertFalse(isGone("10.0.0.2", "10.0.0.2"));
        assertFalse(isGone("172.17.0.1", ""), "every node has this bridge");
        assertFalse(isGone("10.9.9.9", "nobody"), "no node was ever there");
    }

    @Test
    void theEndOfASessionIsOneWitness() {
        assertEquals(REACHABLE, state(1));
        crowd.leaves(1);
        assertEquals(SUSPECTED, state(1));
        now += Duration.ofMinutes(9).toMillis();
        assertEquals(SUSPECTED, state(1), "a program that ended is no machine that did");
        crowd.present(2, 0, 1);
        assertEquals(UNREACHABLE, state(1));
    }

    @Test
    void theEndOfASessionIsEnoughWhereTheOperatorSaysSo() {
        judge = new ReachJudge(
                new ReachSettings(2, Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofSeconds(5), 50));
        assertEquals(REACHABLE, state(1));
        crowd.leaves(1);
        crowd.present(2, 0, 1);
        assertEquals(SUSPECTED, state(1), "within the grace a session is no witness");
        assertEquals(now + 3_000, judge.nextEvent());
        crowd.present(2, 0);
        now += 29_999;
        assertEquals(SUSPECTED, state(1));
        assertEquals(now + 1, judge.nextEvent());
        now += 1;
        assertEquals(UNREACHABLE, Crowd.states(judge.verdict(now)).get("n1"), "by the time alone");
    }

    @Test
    void aNodeIsBackWhenItsWitnessesHaveTakenItBackForAWhile() {
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        assertEquals(UNREACHABLE, state(1));
        crowd.present(3, 0);
        assertEquals(UNREACHABLE, state(1));
        assertEquals(now + HOLD, judge.nextEvent());
        now += HOLD - 1;
        assertEquals(UNREACHABLE, state(1));
        crowd.present(3, 0, 1);
        assertEquals(UNREACHABLE, state(1));
        now += 1;
        crowd.present(3, 0);
        assertEquals(UNREACHABLE, state(1), "the while begins anew");
        now += HOLD;
        assertEquals(SUSPECTED, state(1));
    }

    @Test
    void aDeadMachineStaysDeadWhenItsWitnessesRestart() {
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        assertEquals(UNREACHABLE, state(1));
        crowd.leaves(1);
        assertEquals(UNREACHABLE, state(1));
        for (int witness = 2; witness <= 3; witness++) {
            crowd.leaves(witness);
            assertEquals(UNREACHABLE, state(1));
            crowd.present(witness, 99);
            assertEquals(UNREACHABLE, state(1), "it has never reached it, so it cannot know");
        }
        now += HOLD;
        assertEquals(UNREACHABLE, state(1));
        crowd.present(1, 50);
        assertEquals(UNREACHABLE, state(1));
        now += HOLD;
        assertEquals(REACHABLE, state(1), "it is present, and nobody accuses it");
    }

    @Test
    void aWitnessThatReachesItAgainSpeaksForADeadSession() {
        assertEquals(REACHABLE, state(1));
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        crowd.leaves(1);
        assertEquals(UNREACHABLE, state(1));
        crowd.present(2, 0);
        crowd.present(3, 0);
        assertEquals(UNREACHABLE, state(1));
        now += HOLD;
        assertEquals(SUSPECTED, state(1), "the machine answers, its program does not run");
    }

    @Test
    void whoeverIsCutOffAccusesInVain() {
        // n1 is cut off from the others and still reaches ZooKeeper.
        crowd.present(1, 0, 2, 3, 4);
        crowd.present(2, 0, 1, 3);
        crowd.present(3, 0, 1);
        crowd.present(4, 0, 1);
        assertEquals(UNREACHABLE, state(1));
        assertEquals(REACHABLE, state(2));
        assertEquals(SUSPECTED, state(3), "n2's word is one");
        assertEquals(REACHABLE, state(4));
    }

    @Test
    void twoHalvesThatAccuseEachOtherLoseNobody() {
        Crowd four = new Crowd(4);
        four.present(1, 0, 3, 4);
        four.present(2, 0, 3, 4);
        four.present(3, 0, 1, 2);
        four.present(4, 0, 1, 2);
        judge.presences(four.now(), now);
        assertEquals(
                Map.of("n1", REACHABLE, "n2", REACHABLE, "n3", REACHABLE, "n4", REACHABLE),
                Crowd.states(judge.verdict(now)));
    }

    @Test
    void neverTooManyAtOnce() {
        for (int witness = 4; witness <= 5; witness++) {
            crowd.present(witness, 0, 1, 2);
        }
        assertEquals(UNREACHABLE, state(1), "two of five");
        assertTrue(judge.verdict(now).limit().isEmpty());
        for (int witness = 4; witness <= 5; witness++) {
            crowd.present(witness, 0, 1, 2, 3);
        }
        assertEquals(KEPT, state(1), "three of five are more than half");
        assertFalse(isGone("10.0.0.1", "n1"));
        assertTrue(judge.verdict(now).limit().orElseThrow().startsWith("3 of 5 nodes seem gone, more than 50 %"));
        crowd.present(5, 0, 1);
        assertEquals(KEPT, state(1), "until the evidence has been weaker for a while");
        now += HOLD;
        assertEquals(UNREACHABLE, state(1));
    }

    @Test
    void aWholeClusterThatLeavesIsKept() {
        assertEquals(REACHABLE, state(1));
        for (int i = 1; i <= 5; i++) {
            crowd.leaves(i);
        }
        judge = new ReachJudge(ReachSettings.DEFAULT);
        judge.presences(new Crowd(5).now(), now);
        assertEquals(SUSPECTED, state(1));
        assertFalse(isGone("10.0.0.1", "n1"));
    }

    @Test
    void aNodeThatGotAnotherNameIsNotGone() {
        assertEquals(REACHABLE, state(1));
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        crowd.leaves(1);
        assertEquals(UNREACHABLE, state(1));
        var renamed = crowd.now();
        crowd.present(1, 7);
        var status = Objects.requireNonNull(crowd.now().get("n1"));
        renamed.put(
                "other",
                new directory.thisdcos.l4lb.model.NodeStatus(
                        "other",
                        status.addresses(),
                        status.attributes(),
                        status.version(),
                        status.started(),
                        status.table(),
                        status.dns(),
                        status.ipvs(),
                        status.probe(),
                        status.unreachable()));

        judge.presences(renamed, now);
        assertEquals(null, Crowd.states(judge.verdict(now)).get("n1"));
        assertEquals(UNREACHABLE, Crowd.states(judge.verdict(now)).get("other"), "the witnesses mean the machine");
    }

    @Test
    void whatIsGoneInTheTableStaysGoneUntilItIsHeardOf() {
        Backend gone = Crowd.backend("10.0.0.1", "agent-1").with(directory.thisdcos.l4lb.model.Health.UNREACHABLE);
        judge.restore(Tables.with(gone));
        crowd.leaves(1);
        assertTrue(isGone("10.0.0.1", "agent-1"));
        assertTrue(isGone("10.3.3.3", "agent-1"));
        crowd.present(1, 1);
        assertFalse(isGone("10.0.0.1", ""), "its machine is present");
        assertFalse(isGone("10.3.3.3", "agent-1"), "by whatever name");
    }

    @Test
    void offJudgesNobody() {
        judge = new ReachJudge(ReachSettings.OFF);
        crowd.present(2, 0, 1);
        crowd.present(3, 0, 1);
        crowd.present(4, 0, 1);
        assertEquals(SUSPECTED, state(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ReachSettings(1, Duration.ZERO, Duration.ZERO, Duration.ZERO, 50),
                "one alone is never enough");
    }

    @Test
    void whoLeftAndIsNotAccusedIsForgotten() {
        assertEquals(REACHABLE, state(1));
        crowd.leaves(1);
        assertEquals(SUSPECTED, state(1));
        now += ReachJudge.FORGET_MILLIS;
        assertEquals(null, state(1));
    }
}
