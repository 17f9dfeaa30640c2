package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer: plans the difference between what is desired (and what drains) and the mirror of the kernel for the
 * services that changed, and writes it, with what surrounds the table in the order that loses nothing. When answers are
 * lost, the whole table is read again before the next write. Runs on: whoever holds the lock of {@link KernelKeeper}.
 */
final class Engine {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** Within this time audits have read each service with the fields that /proc does not show. */
    private static final Duration EXACT_ROUND = Duration.ofSeconds(60);

    private static final Path LOADED_MODULES = Path.of("/sys/module");

    private static final Path IPVS_SYSCTLS = Path.of("/proc/sys/net/ipv4/vs");

    private static final int LEAST_EXACT_PER_AUDIT = 50;

    private final IpvsTable table;
    private final KernelMirror mirror;
    private final TableWriter writer;
    private final DataPath path;
    private final OwnershipJournal journal;
    private final DrainList drains;
    private final DrainFile drainFile;
    private final IpvsMetrics metrics;
    private final IpvsSettings settings;
    private final boolean ipv6;

    private final DesiredTable desired = new DesiredTable();
    private final WantedTable wanted;
    private final Strangers strangers;
    private final ForeignMarks foreignMarks;
    private final SyncDaemons daemons;
    private final Schedulers schedulers;
    private final Estimators estimators;
    private Optional<Pools> pools = Optional.empty();
    private LocalAddresses inPlace = new LocalAddresses(Pools.DEFAULT, new TreeSet<>());
    private List<Prefix> hostAddresses = List.of();
    private boolean mirrorIsSure;

    Engine(
            IpvsTable table,
            DataPath path,
            OwnershipJournal journal,
            DrainFile drainFile,
            IpvsMetrics metrics,
            IpvsSettings settings,
            boolean ipv6)
            throws IOException {
        this.table = table;
        KernelCost cost = settings.kernel().cost();
        this.schedulers = new Schedulers(LOADED_MODULES, new MaglevLimit(cost.maglevServices()));
        this.estimators = new Estimators(IPVS_SYSCTLS, cost.estimation(), metrics);
        this.mirror = new KernelMirror(table, desired::withHiddenOptions);
        this.writer = new TableWriter(table, mirror, metrics, schedulers);
        this.path = path;
        this.journal = journal;
        this.drainFile = drainFile;
        this.drains = new DrainList(
                settings.drain(), drainFile.load(settings.drain().connections()), System::nanoTime, this::isUdp);
        this.wanted = new WantedTable(desired, drains, journal::places);
        this.foreignMarks = new ForeignMarks(table, journal::owns);
        this.strangers = new Strangers(settings.kernel().foreign(), settings.directory());
        this.daemons = new SyncDaemons(table, settings.kernel().daemons(), metrics);
        this.metrics = metrics;
        this.settings = settings;
        this.ipv6 = ipv6;
    }

    /** A step that leaves the mirror unsure if it fails: then the kernel's own word comes first, next time. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void surely(Step step) throws IOException {
        mirrorIsSure = false;
        step.run();
        mirrorIsSure = true;
    }

    /** Brings the kernel to the state; before the first table (a state without pools) nothing happens. */
    void apply(State state) throws IOException {
        if (state.pools().isEmpty()) {
            return;
        }
        if (mirrorIsSure && pools.equals(state.pools())) {
            Set<ServiceId> touched = desired.update(state);
            surely(() -> {
                if (foreignMarks.look(touched)) {
                    applyWhole(state);
                    return;
                }
                wanted.follow(touched, mirror);
                settle(touched);
            });
        } else {
            surely(() -> applyWhole(state));
        }
        metrics.table(desired.serviceCount(), desired.destinationCount());
    }

    private void applyWhole(State state) throws IOException {
        boolean first = pools.isEmpty();
        List<Prefix> addresses = path.hostAddresses();
        rebuild(state, addresses);
        if (foreignMarks.look(desired.services().keySet())) {
            rebuild(state, addresses);
        }
        pools = state.pools();
        long before = metrics.writes();
        if (first) {
            inPlace = desired.local(pools.get()).and(journal.addresses());
        }
        mirror.readAll(this::isOurs);
        strangers.endRound();
        path.setSysctls();
        estimators.repair(entries());
        settings.kernel().timeouts().repair(table, metrics);
        daemons.repair();
        int adopted = mirror.entries().size();
        Set<ServiceId> all = wanted.union(mirror);
        wanted.follow(all, mirror);
        drains.forgetRemembered();
        settleAround(all, wanted.local(pools.get()));
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
        desired.rebuild(
                state,
                new HostView(
                        addresses,
                        settings.nodeNames(),
                        ipv6,
                        settings.panicPercent(),
                        settings.local(),
                        foreignMarks.found()));
        hostAddresses = addresses;
    }

    /** Compares everything with the kernel and mends it. */
    AuditFindings audit(State state) throws IOException {
        if (!mirrorIsSure) {
            apply(state);
        }
        AuditFindings findings = new AuditFindings();
        if (pools.isPresent()) {
            surely(() -> compare(state, findings));
            findings.repairs().forEach(metrics::repair);
        }
        return findings;
    }

    /** Costs what has changed, beside reading the table once: what is as it was known is as it is wanted. */
    private void compare(State state, AuditFindings findings) throws IOException {
        if (foreignMarks.look(Set.of())) {
            applyWhole(state);
        }
        List<Prefix> addresses = path.hostAddresses();
        boolean everything = schedulers.look();
        if (!addresses.equals(hostAddresses)) {
            rebuild(state, addresses);
            wanted.follow(wanted.union(mirror), mirror);
            everything = true;
        }
        mirror.look(this::isOurs);
        strangers.endRound();
        long start = System.nanoTime();
        mirror.readTurn(exactPerAudit());
        findings.slicesTook(Duration.ofNanos(System.nanoTime() - start));
        drains.keepOnly(mirror.entries());
        // After reading, which loads the module if it has gone: the settings exist only with it.
        findings.add("sysctl", path.setSysctls() + estimators.repair(entries()));
        findings.add("timeouts", settings.kernel().timeouts().repair(table, metrics));
        findings.add("sync-daemon", daemons.repair());
        Set<ServiceId> suspects = mirror.takeChanged();
        suspects.addAll(everything ? wanted.union(mirror) : writer.refused());
        Map<ServiceId, ServiceEntry> table = wanted.of(suspects);
        findings.add(writer.repairs(suspects, table));
        suspects.addAll(schedulers.waiting());
        table = wanted.of(suspects);
        LocalAddresses local = wanted.local(pools.orElseThrow());
        journal.add(local);
        findings.add("nftables", path.guard(local, wanted.idleIn(mirror)));
        writer.write(suspects, table);
        path.refuse(wanted.idle());
        Set<Prefix> routes = desired.routes(local);
        findings.add("route", path.removeOtherRoutes(routes) + path.addRoutes(routes));
        finish(local);
    }

    private int entries() {
        return desired.serviceCount() + desired.destinationCount();
    }

    private int exactPerAudit() {
        long share = mirror.entries().size() * settings.auditInterval().toMillis() / EXACT_ROUND.toMillis() + 1;
        return (int) Math.max(LEAST_EXACT_PER_AUDIT, Math.min(share, Integer.MAX_VALUE));
    }

    /** Removes the servers whose draining has come to its end; returns how many still drain. */
    int endDrains() throws IOException {
        if (mirrorIsSure && !drains.isEmpty()) {
            Set<ServiceId> ended = drains.end(table.destinations(drains.services()), this::inUse);
            if (!ended.isEmpty()) {
                surely(() -> settle(ended));
            }
        }
        int left = drains.left().size();
        metrics.draining(left);
        return left;
    }

    boolean isUnfinished() {
        return !writer.nextSchedulerChanges().isEmpty();
    }

    /** Makes the next few of those changes that do not go all at once. */
    void goOn() throws IOException {
        Set<ServiceId> next = Set.copyOf(writer.nextSchedulerChanges());
        if (mirrorIsSure && !next.isEmpty()) {
            surely(() -> settle(next));
        }
    }

    private void settle(Set<ServiceId> touched) throws IOException {
        LocalAddresses local = wanted.local(pools.orElseThrow());
        if (local.equals(inPlace)) {
            // A service is refused neither before its last server is gone nor after its first one has come.
            path.admit(wanted.notIdle(touched));
            writer.write(touched, wanted.of(touched));
            path.refuse(wanted.idle(touched));
            // Last, since it waits for the disk: without it, a start begins the drain anew.
            saveDrains();
        } else {
            settleAround(touched, local);
        }
    }

    /**
     * A packet with a mark goes to the service of that mark if there is one, otherwise to that of its address (ip_vs_ctl.c:
     * ip_vs_service_find). So what is wanted is there before packets are marked otherwise, and what is not goes after.
     */
    private void settleAround(Set<ServiceId> touched, LocalAddresses local) throws IOException {
        saveDrains();
        LocalAddresses meanwhile = inPlace.pools().equals(local.pools()) ? local.and(inPlace.claims()) : local;
        journal.add(meanwhile);
        path.guard(meanwhile.withMarks(inPlace.marks()), wanted.idleIn(mirror));
        Set<Prefix> routes = desired.routes(local);
        path.removeOtherRoutes(routes);
        Map<ServiceId, ServiceEntry> table = wanted.of(touched);
        Set<ServiceId> later = new HashSet<>();
        if (!local.marks().equals(inPlace.marks())) {
            touched.stream().filter(id -> !desired.services().containsKey(id)).forEach(later::add);
        }
        writer.write(touched.stream().filter(id -> !later.contains(id)).toList(), table);
        path.addRoutes(routes);
        path.guard(local, wanted.idle());
        writer.write(later, table);
        finish(local);
    }

    private void saveDrains() throws IOException {
        if (drains.takeChanged()) {
            drainFile.save(drains.left());
        }
    }

    private void finish(LocalAddresses local) throws IOException {
        // An address whose service could not be removed stays ours until that is done.
        Set<Ip> left = new HashSet<>();
        Set<ServiceId.Mark> leftMarks = new HashSet<>();
        mirror.entries().keySet().stream()
                .filter(id -> !desired.services().containsKey(id))
                .forEach(id -> {
                    journal.places(id).forEach(place -> left.add(place.ip()));
                    if (id instanceof ServiceId.Mark mark && !Sentinel.is(id)) {
                        leftMarks.add(mark);
                    }
                });
        inPlace = local.and(left);
        journal.keepOnly(inPlace, leftMarks);
    }

    private boolean isUdp(ServiceId id) {
        Set<ServiceId.Address> places = journal.places(id);
        return !places.isEmpty() && places.stream().allMatch(place -> place.protocol() == Protocol.UDP.number());
    }

    /** A connection shows the place that its client asked for, not the mark. */
    private Set<DestinationKey> inUse(Collection<DestinationKey> servers) throws NetlinkException {
        Map<DestinationKey, DestinationKey> asked = new HashMap<>();
        servers.forEach(
                server -> journal.places(server.service()).forEach(place -> asked.put(server.at(place), server)));
        Set<DestinationKey> used = table.inUse(asked.keySet());
        Set<DestinationKey> inUse = new HashSet<>();
        asked.forEach((at, server) -> {
            if (used.contains(at)) {
                inUse.add(server);
            }
        });
        return inUse;
    }

    private boolean isOurs(ServiceId id) {
        return isInRange(id) && (wanted.has(id) || mirror.get(id) != null || strangers.mayTake(id));
    }

    private boolean isInRange(ServiceId id) {
        return journal.owns(id)
                || (id instanceof ServiceId.Address address
                        && (pools.filter(pool -> pool.contains(address.ip())).isPresent()
                                || inPlace.claims().contains(address.ip())
                                || desired.isClaimed(address.ip())));
    }

    /** Addresses of the desired table that do not work on this host. */
    Set<Ip> notInPlace() {
        Set<Ip> addresses = new TreeSet<>();
        writer.unpublished().forEach(id -> journal.places(id).forEach(place -> addresses.add(place.ip())));
        desired.refused().forEach(addresses::add);
        Set<Prefix> unrouted = new HashSet<>(path.missingRoutes());
        pools.ifPresent(pool -> desired.unroutable(pool).forEach(unrouted::add));
        addresses.addAll(desired.addressesIn(unrouted));
        return addresses;
    }

    /** What is still to do; empty when the kernel is as it should be. */
    List<IpvsOp> pending() {
        Set<ServiceId> all = wanted.union(mirror);
        return TableDiff.between(mirror.entries(), schedulers.possible(wanted.of(all), mirror.entries()), all);
    }

    Optional<PlanReport> lastPlan() {
        return writer.lastPlan();
    }

    boolean drainsUdp() {
        return drains.hasUdp();
    }

    /** Servers that drain, with the time that is left to each. */
    Map<DestinationKey, Duration> drains() {
        return drains.left();
    }

    DesiredTable desired() {
        return desired;
    }

    /** The places at which clients meet a service of ours: itself, or those with its mark. */
    Set<ServiceId.Address> places(ServiceId id) {
        return journal.places(id);
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        pools.ifPresent(pool -> problems.addAll(desired.problems(pool)));
        Stream.of(
                        writer.problems(),
                        schedulers.problems(),
                        strangers.problems(),
                        daemons.problems().stream(),
                        estimators.problems().stream(),
                        path.problems().stream())
                .flatMap(of -> of)
                .forEach(problems::add);
        return problems;
    }

    void close() {
        table.close();
        path.close();
    }
}
