package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.LegacyTables;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.nftables.Element;
import directory.thisdcos.l4lb.netlink.nftables.NftablesSocket;
import directory.thisdcos.l4lb.netlink.nftables.Table;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link GuardTable} in the kernel. A change of elements is one small transaction; only a table whose chains or
 * sets are not ours is replaced, as a whole and at once. The kernel's generation number tells whether anybody has
 * changed any table since we last looked, so looking again mostly costs one question.
 */
final class Firewall implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Firewall.class);
    private static final String SUBJECT = "nftables table inet " + GuardTable.NAME;

    private final NftablesSocket nft;
    private final IpvsMetrics metrics;
    private Map<String, Set<Element>> wanted = GuardTable.noElements();
    private @Nullable Known known;
    private Optional<Problem> problem = Optional.empty();

    /** Of other programs, such as Docker's. */
    private Set<String> droppingForward = Set.of();

    /** The same where nftables does not see it. */
    private List<String> legacyDroppingForward = List.of();

    /** What the kernel has, as far as we know. */
    private static final class Known {
        /** At which the kernel has this. */
        int generation;

        final boolean ours;
        final Map<String, Set<Element>> elements;

        Known(int generation, boolean ours, Map<String, Set<Element>> elements) {
            this.generation = generation;
            this.ours = ours;
            this.elements = elements;
        }
    }

    @FunctionalInterface
    private interface Step {
        int run() throws NetlinkException;
    }

    Firewall(NftablesSocket nft, IpvsMetrics metrics) {
        this.nft = nft;
        this.metrics = metrics;
    }

    /** Makes the whole table as it should be; returns the number of transactions that it took, 0 or 1. */
    int ensure(LocalAddresses local, Collection<ServiceId.Address> idle) {
        wanted = GuardTable.elements(local, idle);
        legacyDroppingForward = LegacyTables.droppingForward();
        return attempt(() -> settle(look()));
    }

    /** Refuses new connections to these services too. */
    int refuse(Collection<ServiceId.Address> ids) {
        Map<String, Set<Element>> add = new HashMap<>();
        for (ServiceId.Address id : ids) {
            Element element = GuardTable.idleElement(id);
            String set = GuardTable.idleSet(id);
            if (elements(wanted, set).add(element)) {
                elements(add, set).add(element);
            }
        }
        return add.isEmpty() ? 0 : attempt(() -> change(Map.of(), add));
    }

    /** Refuses them no longer. */
    int admit(Collection<ServiceId.Address> ids) {
        Map<String, Set<Element>> remove = new HashMap<>();
        for (ServiceId.Address id : ids) {
            Element element = GuardTable.idleElement(id);
            String set = GuardTable.idleSet(id);
            if (elements(wanted, set).remove(element)) {
                elements(remove, set).add(element);
            }
        }
        return remove.isEmpty() ? 0 : attempt(() -> change(remove, Map.of()));
    }

    private static Set<Element> elements(Map<String, Set<Element>> map, String set) {
        return map.computeIfAbsent(set, name -> new HashSet<>());
    }

    private int attempt(Step step) {
        try {
            int transactions = step.run();
            problem = Optional.empty();
            return transactions;
        } catch (NetlinkException e) {
            known = null;
            metrics.error(e.errno());
            problem = Optional.of(new Problem("nft", SUBJECT, explain(e)));
            return 0;
        }
    }

    private static String explain(NetlinkException e) {
        String consequence = "leak guard and masquerading may be off, ";
        return e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EPROTONOSUPPORT
                ? consequence + "this kernel has no nftables: load or install the module nf_tables (" + e.getMessage()
                        + ")"
                : consequence + "the table cannot be written: " + e.getMessage();
    }

    /** What the kernel has now. */
    private Known look() throws NetlinkException {
        Known last = known;
        if (last != null && last.generation == nft.generation()) {
            return last;
        }
        NftablesSocket.Snapshot snapshot = nft.read(GuardTable.NAME);
        droppingForward = nft.droppingForward();
        Map<String, Set<Element>> elements = new HashMap<>();
        snapshot.table()
                .ifPresent(
                        table -> table.elements().forEach((set, members) -> elements.put(set, new HashSet<>(members))));
        boolean ours = snapshot.table().map(Table::structure).equals(Optional.of(GuardTable.STRUCTURE));
        Known now = new Known(snapshot.generation(), ours, elements);
        known = now;
        return now;
    }

    private int settle(Known now) throws NetlinkException {
        if (!now.ours) {
            metrics.writes(1);
            nft.replace(GuardTable.STRUCTURE.with(wanted));
            Map<String, Set<Element>> written = new HashMap<>();
            wanted.forEach((set, members) -> written.put(set, new HashSet<>(members)));
            known = new Known(now.generation + 1, true, written);
            log.info("nftables table written elements={}", count(wanted));
            return 1;
        }
        Map<String, Set<Element>> remove = without(now.elements, wanted);
        Map<String, Set<Element>> add = without(wanted, now.elements);
        if (remove.isEmpty() && add.isEmpty()) {
            return 0;
        }
        write(now, remove, add);
        return 1;
    }

    private int change(Map<String, Set<Element>> remove, Map<String, Set<Element>> add) throws NetlinkException {
        Known now = known;
        if (now == null || !now.ours) {
            return settle(look());
        }
        try {
            write(now, remove, add);
            return 1;
        } catch (NetlinkException e) {
            log.debug("the table is not as we knew it: {}", e.getMessage());
            known = null;
            return settle(look());
        }
    }

    private void write(Known now, Map<String, Set<Element>> remove, Map<String, Set<Element>> add)
            throws NetlinkException {
        metrics.writes(1);
        nft.change(GuardTable.NAME, remove, add);
        // Each transaction counts one; if another came between, the number does not match and we look again.
        now.generation++;
        remove.forEach((set, members) -> elements(now.elements, set).removeAll(members));
        add.forEach((set, members) -> elements(now.elements, set).addAll(members));
    }

    /** What is in the one and not in the other; sets without such elements are absent. */
    private static Map<String, Set<Element>> without(Map<String, Set<Element>> these, Map<String, Set<Element>> those) {
        Map<String, Set<Element>> rest = new HashMap<>();
        these.forEach((set, members) -> {
            Set<Element> others = those.getOrDefault(set, Set.of());
            Set<Element> lacking = new HashSet<>();
            for (Element member : members) {
                if (!others.contains(member)) {
                    lacking.add(member);
                }
            }
            if (!lacking.isEmpty()) {
                rest.put(set, lacking);
            }
        });
        return rest;
    }

    private static int count(Map<String, Set<Element>> elements) {
        return elements.values().stream().mapToInt(Set::size).sum();
    }

    List<Problem> problems() {
        Stream<Problem> dropped = Stream.concat(
                droppingForward.stream().map(chain -> dropped("nftables chain " + chain)),
                legacyDroppingForward.stream().map(Firewall::dropped));
        return Stream.concat(problem.stream(), dropped).toList();
    }

    /**
     * What comes back from a server on its way to a container or another host is forwarded; the packets there are not, they
     * go in at input and out at output. An accept of ours could not win against another table's drop.
     */
    private static Problem dropped(String chain) {
        return new Problem(
                "forward-drop",
                chain,
                "drops what no rule of it accepts, as Docker sets it up: answers to containers and other hosts that use"
                        + " virtual addresses may be lost; unless a rule lets them pass already, run: iptables -I FORWARD"
                        + " -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
    }

    @Override
    public void close() {
        nft.close();
    }
}
