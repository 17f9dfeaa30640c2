package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. Keeps a mirror of our part of the kernel's table, plans the difference between it and the desired one
 * for the services that changed, and writes it. When the kernel refuses something, the mirror was wrong: that service is
 * read and planned once more (so a vanished one is made again, an existing one is set). When answers are lost, the whole
 * table is read again before the next write. Runs on: whoever holds the lock of {@link IpvsSync}.
 */
final class Engine {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** Services whose destinations an audit reads with all fields, in turn; the rest through {@link ProcTable}. */
    private static final int EXACT_SERVICES_PER_AUDIT = 200;

    private final IpvsTable table;
    private final DataPath path;
    private final OwnershipJournal journal;
    private final IpvsMetrics metrics;
    private final Set<String> nodeNames;
    private final boolean ipv6;

    private final DesiredTable desired = new DesiredTable();
    private final Map<ServiceId, ServiceEntry> mirror = new HashMap<>();
    private final Map<ServiceId, List<Problem>> refusals = new HashMap<>();
    private final Set<ServiceId> unpublished = new HashSet<>();
    private Optional<Pools> pools = Optional.empty();
    private LocalAddresses inPlace = new LocalAddresses(Pools.DEFAULT, new TreeSet<>());
    private List<Prefix> hostAddresses = List.of();
    private Iterator<ServiceId> exactTurn = List.<ServiceId>of().iterator();
    private boolean mirrorIsSure;

    Engine(
            IpvsTable table,
            DataPath path,
            OwnershipJournal journal,
            IpvsMetrics metrics,
            Set<String> nodeNames,
            boolean ipv6) {
        this.table = table;
        this.path = path;
        this.journal = journal;
        this.metrics = metrics;
        this.nodeNames = Set.copyOf(nodeNames);
        this.ipv6 = ipv6;
    }

    /** Brings the kernel to the state; before the first table (a state without pools) nothing happens. */
    void apply(State state) throws IOException {
        if (state.pools().isEmpty()) {
            return;
        }
        boolean done = false;
        try {
            if (mirrorIsSure && pools.equals(state.pools())) {
                Set<ServiceId> touched = desired.update(state);
                touched.forEach(this::forget);
                settle(touched);
            } else {
                applyWhole(state);
            }
            done = true;
        } finally {
            // What is half done is planned anew from the kernel's own word, by the next apply or audit.
            mirrorIsSure = done;
        }
        metrics.table(desired.serviceCount(), desired.destinationCount());
    }

    private void applyWhole(State state) throws IOException {
        boolean first = pools.isEmpty();
        List<Prefix> addresses = path.hostAddresses();
        rebuild(state, addresses);
        pools = state.pools();
        long before = metrics.writes();
        if (first) {
            inPlace = desired.local(pools.get()).and(journal.addresses());
        }
        readAll();
        path.setSysctls();
        int adopted = mirror.size();
        settleAll();
        if (first) {
            log.info(
                    "adopted {} services of the kernel, writes={} services={} destinations={}",
                    adopted,
                    metrics.writes() - before,
                    desired.serviceCount(),
                    desired.destinationCount());
        }
    }

    private void rebuild(State state, List<Prefix> addresses) {
        desired.rebuild(state, new HostView(addresses, nodeNames, ipv6));
        hostAddresses = addresses;
    }

    /** Compares everything with the kernel and mends it; returns what was mended, by kind. */
    Map<String, Integer> audit(State state) throws IOException {
        if (!mirrorIsSure) {
            apply(state);
        }
        Map<String, Integer> repairs = new TreeMap<>();
        if (pools.isEmpty()) {
            return repairs;
        }
        boolean done = false;
        try {
            compare(state, repairs);
            done = true;
        } finally {
            mirrorIsSure = done;
        }
        repairs.forEach(metrics::repair);
        return repairs;
    }

    private void compare(State state, Map<String, Integer> repairs) throws IOException {
        List<Prefix> addresses = path.hostAddresses();
        if (!addresses.equals(hostAddresses)) {
            rebuild(state, addresses);
        }
        readAll();
        readSomeExactly();
        // After reading, which loads the module if it has gone: the settings exist only with it.
        count(repairs, "sysctl", path.setSysctls());
        Set<ServiceId> all = union();
        countOperations(repairs, TableDiff.between(mirror, desired.services(), all));
        LocalAddresses local = desired.local(pools.orElseThrow());
        count(repairs, "nftables", path.guard(local, idleInKernelToo()));
        all.forEach(this::forget);
        write(all);
        path.refuse(desired.idle());
        Set<Prefix> routes = desired.routes(local.pools());
        count(repairs, "route", path.removeOtherRoutes(routes) + path.addRoutes(routes));
        finish(local);
    }

    private void countOperations(Map<String, Integer> repairs, List<IpvsOp> operations) {
        Set<ServiceId> made = new HashSet<>();
        for (IpvsOp operation : operations) {
            boolean publishes = operation instanceof IpvsOp.SetService && made.contains(operation.id());
            // What the kernel has refused before is no repair, nor is the second step of making a service.
            if (!publishes && !refusals.containsKey(operation.id())) {
                count(repairs, operation.repairKind(), 1);
            }
            if (operation instanceof IpvsOp.AddService) {
                made.add(operation.id());
            }
        }
    }

    private static void count(Map<String, Integer> repairs, String kind, int number) {
        if (number > 0) {
            repairs.merge(kind, number, Integer::sum);
        }
    }

    private void settleAll() throws IOException {
        refusals.clear();
        unpublished.clear();
        settle(union(), desired.local(pools.orElseThrow()));
    }

    private void settle(Set<ServiceId> touched) throws IOException {
        LocalAddresses local = desired.local(pools.orElseThrow());
        if (local.equals(inPlace)) {
            // A service is refused neither before its last server is gone nor after its first one has come.
            path.admit(addresses(touched, false));
            write(touched);
            path.refuse(addresses(touched, true));
        } else {
            settle(touched, local);
        }
    }

    private void settle(Set<ServiceId> touched, LocalAddresses local) throws IOException {
        LocalAddresses meanwhile = inPlace.pools().equals(local.pools()) ? local.and(inPlace.claims()) : local;
        journal.add(meanwhile);
        path.guard(meanwhile, idleInKernelToo());
        Set<Prefix> routes = desired.routes(local.pools());
        path.removeOtherRoutes(routes);
        write(touched);
        path.addRoutes(routes);
        path.guard(local, desired.idle());
        finish(local);
    }

    private List<ServiceId.Address> addresses(Set<ServiceId> ids, boolean idle) {
        return ids.stream()
                .filter(ServiceId.Address.class::isInstance)
                .map(ServiceId.Address.class::cast)
                .filter(id -> desired.idle().contains(id) == idle)
                .toList();
    }

    private List<ServiceId.Address> idleInKernelToo() {
        return desired.idle().stream()
                .filter(id -> !mirror.containsKey(id) || mirror.get(id).isIdle())
                .toList();
    }

    private void finish(LocalAddresses local) throws IOException {
        // An address whose service could not be removed stays ours until that is done.
        Set<Ip> left = mirror.keySet().stream()
                .filter(id -> !desired.services().containsKey(id))
                .flatMap(id -> id instanceof ServiceId.Address address ? Stream.of(address.ip()) : Stream.empty())
                .collect(Collectors.toSet());
        inPlace = local.and(left);
        journal.keepOnly(inPlace);
    }

    private Set<ServiceId> union() {
        Set<ServiceId> all = new HashSet<>(mirror.keySet());
        all.addAll(desired.services().keySet());
        return all;
    }

    private void forget(ServiceId id) {
        refusals.remove(id);
        unpublished.remove(id);
    }

    private void readAll() throws NetlinkException {
        Map<ServiceId, ServiceEntry> kernel = table.read();
        kernel.keySet().removeIf(id -> !isOurs(id));
        mirror.clear();
        mirror.putAll(kernel);
    }

    private void readSomeExactly() throws NetlinkException {
        if (!exactTurn.hasNext()) {
            exactTurn = List.copyOf(mirror.keySet()).iterator();
        }
        List<ServiceId> turn = new ArrayList<>();
        while (exactTurn.hasNext() && turn.size() < EXACT_SERVICES_PER_AUDIT) {
            turn.add(exactTurn.next());
        }
        table.readExactly(turn, mirror);
    }

    private boolean isOurs(ServiceId id) {
        if (id instanceof ServiceId.Address address) {
            return pools.filter(pool -> pool.contains(address.ip())).isPresent()
                    || inPlace.claims().contains(address.ip())
                    || journal.owns(address.ip())
                    || desired.isClaimed(address.ip());
        }
        return Sentinel.is(id);
    }

    /** Brings these services to the desired state. */
    private void write(Collection<ServiceId> ids) throws NetlinkException {
        Set<ServiceId> surprising = attempt(ids, false);
        if (!surprising.isEmpty()) {
            table.readExactly(surprising, mirror);
            if (!attempt(surprising, true).isEmpty()) {
                table.readExactly(refusals.keySet(), mirror);
            }
        }
    }

    /** Plans and writes once; returns the services of which the kernel refused something. */
    private Set<ServiceId> attempt(Collection<ServiceId> ids, boolean last) throws NetlinkException {
        List<IpvsOp> operations = TableDiff.between(mirror, desired.services(), ids);
        if (operations.isEmpty()) {
            return Set.of();
        }
        metrics.writes(operations.size());
        int[] errors = table.execute(operations);
        Set<ServiceId> refused = new HashSet<>();
        for (int i = 0; i < errors.length; i++) {
            IpvsOp operation = operations.get(i);
            if (errors[i] != 0 && !operation.isDoneDespite(errors[i])) {
                refused.add(operation.id());
                metrics.error(errors[i]);
                if (last) {
                    refuse(operation, errors[i]);
                }
            }
        }
        for (ServiceId id : ids) {
            if (!refused.contains(id)) {
                Optional.ofNullable(desired.services().get(id))
                        .ifPresentOrElse(entry -> mirror.put(id, entry), () -> mirror.remove(id));
            }
        }
        return refused;
    }

    private void refuse(IpvsOp operation, int errno) {
        // A destination that is refused leaves the others at work; without its service nothing works.
        if (operation instanceof IpvsOp.AddService || operation instanceof IpvsOp.SetService) {
            unpublished.add(operation.id());
        }
        refusals.computeIfAbsent(operation.id(), id -> new ArrayList<>())
                .add(new Problem(
                        "ipvs",
                        "IPVS service " + operation.id(),
                        "the kernel refused '" + IpvsadmText.of(operation) + "': "
                                + Refusal.explain(operation, errno)));
    }

    /** Addresses of the desired table that do not work on this host. */
    Set<Ip> notInPlace() {
        Set<Ip> addresses = new TreeSet<>();
        unpublished.forEach(id -> {
            if (id instanceof ServiceId.Address address) {
                addresses.add(address.ip());
            }
        });
        desired.refused().forEach(addresses::add);
        Set<Prefix> unrouted = new HashSet<>(path.missingRoutes());
        pools.ifPresent(pool -> desired.unroutable(pool).forEach(unrouted::add));
        if (!unrouted.isEmpty()) {
            List<IpRange> ranges = unrouted.stream()
                    .map(prefix -> IpRange.parse(prefix.toString()))
                    .toList();
            desired.services().keySet().forEach(id -> {
                if (id instanceof ServiceId.Address address
                        && ranges.stream().anyMatch(range -> range.contains(address.ip()))) {
                    addresses.add(address.ip());
                }
            });
        }
        return addresses;
    }

    /** What is still to do; empty when the kernel is as it should be. */
    List<IpvsOp> pending() {
        return TableDiff.between(mirror, desired.services(), union());
    }

    DesiredTable desired() {
        return desired;
    }

    List<Problem> problems() {
        return Stream.of(
                        pools.map(desired::problems).orElse(List.of()).stream(),
                        refusals.values().stream().flatMap(List::stream),
                        path.problems().stream())
                .flatMap(stream -> stream)
                .toList();
    }

    void close() {
        table.close();
        path.close();
    }
}
