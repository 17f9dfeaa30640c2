package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.reach.NodeReach;
import directory.thisdcos.l4lb.reach.ReachJudge;
import directory.thisdcos.l4lb.reach.ReachSettings;
import directory.thisdcos.l4lb.reach.ReachVerdict;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * Brings what the judge of machines says to the inventory: only the targets with backends on a machine that went or came
 * back are planned again. Nodes speak from any thread; the rest is the allocator's thread's.
 */
final class ReachBench {
    private static final String REPORTER = "reachability";

    private final ReachJudge judge;
    private final SourceBook book;
    private final ProblemBoard board;
    private final AllocatorMetrics metrics;
    private final InstantSource clock;
    private ReachVerdict inForce = ReachVerdict.NONE;
    private List<Problem> reported = List.of();

    ReachBench(
            ReachSettings settings,
            SourceBook book,
            ProblemBoard board,
            AllocatorMetrics metrics,
            InstantSource clock) {
        this.judge = new ReachJudge(settings);
        this.book = book;
        this.board = board;
        this.metrics = metrics;
        this.clock = clock;
    }

    void presences(SortedMap<String, NodeStatus> nodes) {
        judge.presences(nodes, clock.millis());
    }

    ReachVerdict now() {
        return judge.verdict(clock.millis());
    }

    long nextEvent() {
        return judge.nextEvent();
    }

    /** Becomes the one whose word counts: what the table says of machines is in force until more is known. */
    void takeOver(State table) {
        judge.restore(table);
        inForce = now();
        book.judge(inForce, Set.of());
        report(inForce);
    }

    /** Does not lead any more: who does reports. */
    void stepDown() {
        reported = List.of();
        board.report(REPORTER, reported);
    }

    /** Puts in force what the judge says now. */
    void look(State table) {
        ReachVerdict next = now();
        if (next.equals(inForce)) {
            return;
        }
        Set<Target> changed = new HashSet<>();
        if (!next.judgesAs(inForce)) {
            ReachVerdict before = inForce;
            table.vips().filter(vip -> concerns(vip, before, next)).forEach(vip -> changed.add(vip.target()));
        }
        inForce = next;
        book.judge(next, changed);
        report(next);
    }

    private static boolean concerns(Vip vip, ReachVerdict before, ReachVerdict next) {
        return vip.services().stream()
                .flatMap(service -> service.backends().values().stream())
                .anyMatch(backend -> isGone(backend, before) != isGone(backend, next)
                        || !before.place(backend).equals(next.place(backend)));
    }

    private static boolean isGone(Backend backend, ReachVerdict verdict) {
        return verdict.whyGone(backend).isPresent();
    }

    private void report(ReachVerdict verdict) {
        List<Problem> problems = new ArrayList<>();
        verdict.limit().ifPresent(limit -> problems.add(new Problem("unreachable-limit", "all nodes", limit)));
        for (NodeReach node : verdict.nodes()) {
            if (node.state() == NodeReach.State.UNREACHABLE) {
                problems.add(new Problem(
                        "node-unreachable",
                        "node " + node.id(),
                        node.evidence() + "; its backends get no connections until it is back"));
            }
        }
        metrics.nodes(verdict.nodes());
        if (!problems.equals(reported)) {
            reported = problems;
            board.report(REPORTER, problems);
        }
    }
}
