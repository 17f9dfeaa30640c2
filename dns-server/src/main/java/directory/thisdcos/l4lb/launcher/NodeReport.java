package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.DnsServer;
import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.ipvs.IpvsSync;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.store.StateFollower;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What this node tells the others of itself. */
final class NodeReport implements Supplier<NodeStatus> {
    private final NodeRole role;
    private final StateFollower follower;
    private final Supplier<State> served;
    private final DnsServer dns;
    private final IpvsSync ipvs;
    private final Optional<NeighbourWatch> neighbours;
    private final Instant started = Instant.now();

    /** @param served the table that kernel and DNS have taken, which may be behind the one that is known */
    NodeReport(
            NodeRole role,
            StateFollower follower,
            Supplier<State> served,
            DnsServer dns,
            IpvsSync ipvs,
            Optional<NeighbourWatch> neighbours) {
        this.role = role;
        this.follower = follower;
        this.served = served;
        this.dns = dns;
        this.ipvs = ipvs;
        this.neighbours = neighbours;
    }

    @Override
    public NodeStatus get() {
        State table = served.get();
        return new NodeStatus(
                role.id(),
                ThisMachine.addresses(),
                role.attributes(),
                Version.text(),
                started,
                new NodeStatus.Table(
                        follower.clusterId().orElse(""),
                        table.epoch(),
                        table.seq(),
                        table.hash(),
                        follower.stale(),
                        follower.age(),
                        follower.divergences()),
                dnsPart(),
                ipvsPart(),
                neighbours.flatMap(NeighbourWatch::address),
                neighbours.map(NeighbourWatch::unreachable).orElseGet(Collections::emptySortedSet));
    }

    private NodeStatus.Part dnsPart() {
        String where = dns.listening().stream().map(Endpoint::toString).collect(Collectors.joining(", "));
        return dns.hasTable()
                ? new NodeStatus.Part(true, "serving", where)
                : new NodeStatus.Part(false, "empty", where + "; no table yet");
    }

    private NodeStatus.Part ipvsPart() {
        IpvsSync.Status status = ipvs.status();
        boolean ok = status.mode() == IpvsMode.ON && status.lastError().isEmpty();
        String counts = status.services() + " virtual services, " + status.destinations() + " real servers";
        String detail = status.lastError().orElse(status.reason());
        return new NodeStatus.Part(
                ok, status.mode().name().toLowerCase(Locale.ROOT), detail.isEmpty() ? counts : counts + "; " + detail);
    }
}
