package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.Route;
import directory.thisdcos.l4lb.netlink.RouteSocket;
import directory.thisdcos.l4lb.runtime.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * One {@code local} route for each prefix on lo: packets to it are this host's own, which is what brings them to IPVS
 * (hook LOCAL_IN). One route covers a whole pool. No preferred source: the client's address is then the virtual address
 * itself, and masquerading gives each connection a port of its own; with a fixed source, two virtual services with one
 * backend break each other's connections when a source port meets again.
 */
final class LocalRoutes implements AutoCloseable {
    /** Marks the routes as ours (rtm_protocol): 'L', which nobody has in linux/rtnetlink.h or in iproute2's rt_protos. */
    static final int PROTOCOL = 76;

    private final RouteSocket socket;
    private final IpvsMetrics metrics;
    private final TreeMap<String, Problem> refusals = new TreeMap<>();
    private Set<Prefix> missing = Set.of();

    private LocalRoutes(RouteSocket socket, IpvsMetrics metrics) {
        this.socket = socket;
        this.metrics = metrics;
    }

    static LocalRoutes open(Duration timeout, IpvsMetrics metrics) throws NetlinkException {
        return new LocalRoutes(RouteSocket.open(timeout), metrics);
    }

    List<Prefix> hostAddresses() throws NetlinkException {
        return socket.addresses();
    }

    /** Our routes in the kernel, in order. */
    List<Prefix> present() throws NetlinkException {
        return socket.localRoutes(PROTOCOL).stream().map(Route::destination).toList();
    }

    int removeAllBut(Set<Prefix> wanted) throws NetlinkException {
        List<Route> others = socket.localRoutes(PROTOCOL).stream()
                .filter(route -> !wanted.contains(route.destination()) || route.link() != Route.LOOPBACK)
                .toList();
        change(List.of(), others);
        return others.size();
    }

    int add(Set<Prefix> wanted) throws NetlinkException {
        Set<Prefix> present = new HashSet<>();
        socket.localRoutes(PROTOCOL).stream()
                .filter(route -> route.link() == Route.LOOPBACK)
                .forEach(route -> present.add(route.destination()));
        List<Route> lacking = wanted.stream()
                .filter(prefix -> !present.contains(prefix))
                .map(prefix -> new Route(prefix, PROTOCOL, Route.LOOPBACK))
                .toList();
        refusals.clear();
        missing = change(lacking, List.of());
        return lacking.size() - missing.size();
    }

    private Set<Prefix> change(List<Route> add, List<Route> remove) throws NetlinkException {
        if (add.isEmpty() && remove.isEmpty()) {
            return Set.of();
        }
        metrics.writes(add.size() + remove.size());
        int[] errors = socket.change(add, remove);
        Set<Prefix> refused = new HashSet<>();
        List<Route> all = new ArrayList<>(add);
        all.addAll(remove);
        for (int i = 0; i < all.size(); i++) {
            boolean removal = i >= add.size();
            // A route that is gone already is what we want.
            if (errors[i] != 0 && !(removal && errors[i] == Errno.ESRCH)) {
                refuse(all.get(i), removal, errors[i]);
                refused.add(all.get(i).destination());
            }
        }
        return refused;
    }

    private void refuse(Route route, boolean removal, int errno) {
        metrics.error(errno);
        String subject = "local route " + route.destination();
        refusals.put(
                subject,
                new Problem(
                        "route",
                        subject,
                        "the kernel refused to " + (removal ? "remove" : "add") + " it: " + Errno.name(errno)));
    }

    Set<Prefix> missing() {
        return missing;
    }

    List<Problem> problems() {
        return List.copyOf(refusals.values());
    }

    @Override
    public void close() {
        socket.close();
    }
}
