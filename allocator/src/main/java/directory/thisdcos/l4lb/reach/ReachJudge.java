package directory.thisdcos.l4lb.reach;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges from the nodes' presences which machines are gone. A node that was never present is not judged; one that is
 * gone comes back only with better evidence: its own presence, or the words of those that accused it. Safe for every
 * thread; times are milliseconds of one clock that never goes back.
 */
public final class ReachJudge {
    /** A node that left, and of which nobody says that its machine is gone, is forgotten after this. */
    static final long FORGET_MILLIS = 10 * 60_000L;

    private final ReachSettings settings;
    private final SortedMap<String, KnownNode> known = new TreeMap<>();

    /** Machines that the table says are gone, and of which this process has heard nothing itself. */
    private final Set<Restored> restored = new HashSet<>();

    /** A backend that is gone in the table: how its agent is called (lower case, may be empty), and its address. */
    private record Restored(String name, Ip address) {}

    private Optional<ReachVerdict> last = Optional.empty();
    private long nextEvent = Long.MAX_VALUE;

    public ReachJudge(ReachSettings settings) {
        this.settings = settings;
    }

    /** Takes in who is present now and what they say. */
    public synchronized void presences(SortedMap<String, NodeStatus> nodes, long now) {
        boolean isNews = false;
        for (NodeStatus status : nodes.values()) {
            KnownNode node = known.get(status.id());
            isNews |= node == null || !node.isPresent() || node.isNews(status);
            known.computeIfAbsent(status.id(), absent -> new KnownNode(status)).present(status);
        }
        for (KnownNode node : known.values()) {
            if (node.isPresent() && !nodes.containsKey(node.id())) {
                isNews = true;
                node.absent(now);
            }
        }
        // Most presences only say which table a node serves.
        if (isNews) {
            hear(nodes);
            last = Optional.empty();
        }
    }

    private void hear(SortedMap<String, NodeStatus> nodes) {
        dropReplaced(nodes.values());
        Owners owners = Owners.of(statuses());
        Map<String, Set<String>> accused = new HashMap<>();
        for (NodeStatus witness : nodes.values()) {
            for (Ip ip : witness.unreachable()) {
                owners.owner(ip)
                        .filter(id -> !id.equals(witness.id()))
                        .ifPresent(id -> accused.computeIfAbsent(id, absent -> new HashSet<>())
                                .add(witness.id()));
            }
        }
        for (KnownNode node : known.values()) {
            node.forgetAbsent(nodes.keySet());
            Set<String> accusers = accused.getOrDefault(node.id(), Set.of());
            Set<String> speakers = new HashSet<>(node.accusers());
            speakers.addAll(accusers);
            for (String speaker : speakers) {
                NodeStatus witness = nodes.get(speaker);
                if (witness != null) {
                    node.heard(witness, accusers.contains(speaker));
                }
            }
        }
        nodes.values().forEach(status -> forgetRestored(status, owners));
    }

    /** A machine whose program was given another name is one that is present. */
    private void dropReplaced(Collection<NodeStatus> present) {
        Set<Ip> probes = new HashSet<>();
        present.forEach(status -> status.probe().ifPresent(probe -> probes.add(probe.ip())));
        known.values()
                .removeIf(node -> !node.isPresent()
                        && node.status()
                                .probe()
                                .filter(probe -> probes.contains(probe.ip()))
                                .isPresent());
    }

    /** Whoever is present is not gone, by whatever name or address the table knows its machine. */
    private void forgetRestored(NodeStatus status, Owners owners) {
        if (restored.isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>(Set.of(status.id().toLowerCase(Locale.ROOT)));
        Set<Ip> addresses = new HashSet<>();
        status.addresses().stream()
                .filter(ip -> owners.owner(ip).equals(Optional.of(status.id())))
                .forEach(ip -> {
                    addresses.add(ip);
                    names.add(ip.toString());
                });
        restored.stream()
                .filter(entry ->
                        addresses.contains(entry.address()) && !entry.name().isEmpty())
                .forEach(entry -> names.add(entry.name()));
        restored.removeIf(entry -> names.contains(entry.name()) || addresses.contains(entry.address()));
    }

    private List<NodeStatus> statuses() {
        return known.values().stream().map(KnownNode::status).toList();
    }

    /** Learns from the table which machines an earlier allocator found gone; what nodes say now counts for more. */
    public synchronized void restore(State table) {
        if (!settings.isOn()) {
            return;
        }
        Owners owners = Owners.of(statuses());
        table.vips()
                .flatMap(vip -> vip.services().stream())
                .flatMap(service -> service.backends().values().stream())
                .filter(backend -> backend.health() == Health.UNREACHABLE)
                .filter(backend -> !isKnown(backend, owners))
                .forEach(backend -> restored.add(new Restored(
                        backend.node().toLowerCase(Locale.ROOT),
                        backend.address().ip())));
        last = Optional.empty();
    }

    private boolean isKnown(Backend backend, Owners owners) {
        return known.keySet().stream().anyMatch(backend.node()::equalsIgnoreCase)
                || owners.owner(backend.address().ip()).isPresent()
                || Ip.parse(backend.node()).flatMap(owners::owner).isPresent();
    }

    /** What counts now. */
    public synchronized ReachVerdict verdict(long now) {
        if (last.isEmpty() || now >= nextEvent) {
            last = Optional.of(judge(now));
        }
        return last.get();
    }

    /** When the verdict may change by itself. */
    public synchronized long nextEvent() {
        return nextEvent;
    }

    private ReachVerdict judge(long now) {
        nextEvent = Long.MAX_VALUE;
        Evidence evidence = Evidence.of(known.values(), settings, now);
        for (KnownNode node : known.values()) {
            boolean enough = evidence.isEnough(node);
            node.settle(enough, now, settings.hold().toMillis()).ifPresent(this::event);
            node.ended().ifPresent(ended -> {
                for (long after : new long[] {
                    settings.grace().toMillis(), settings.alone().toMillis(), FORGET_MILLIS
                }) {
                    if (ended + after > now) {
                        event(ended + after);
                    }
                }
            });
        }
        known.values()
                .removeIf(node -> !node.isGone()
                        && node.accusers().isEmpty()
                        && node.ended()
                                .filter(ended -> now - ended >= FORGET_MILLIS)
                                .isPresent());
        // What went long ago and alone says nothing of the evidence of now.
        List<KnownNode> recent =
                known.values().stream().filter(node -> isRecent(node, now)).toList();
        long gone = recent.stream().filter(KnownNode::isGone).count();
        boolean isTooMany = 100 * gone > (long) settings.maxPercent() * recent.size();
        Optional<String> limit = isTooMany
                ? Optional.of(gone + " of " + recent.size() + " nodes seem gone, more than "
                        + settings.maxPercent() + " %: the evidence is more likely wrong than all of them, so their"
                        + " backends stay; look at the network between the nodes first")
                : Optional.empty();
        return verdict(evidence, limit, now);
    }

    private static boolean isRecent(KnownNode node, long now) {
        return node.ended().map(ended -> now - ended < FORGET_MILLIS).orElse(true);
    }

    private void event(long at) {
        nextEvent = Math.min(nextEvent, at);
    }

    private ReachVerdict verdict(Evidence evidence, Optional<String> limit, long now) {
        Map<String, String> names = new HashMap<>();
        Map<Ip, String> addresses = new HashMap<>();
        Owners owners = Owners.of(statuses());
        List<NodeReach> nodes = known.values().stream()
                .map(node -> of(node, evidence, limit.isPresent(), now))
                .toList();
        for (NodeReach node : nodes) {
            if (node.state() == NodeReach.State.UNREACHABLE) {
                String why = "node " + node.id() + ": " + node.evidence();
                names.put(node.id().toLowerCase(Locale.ROOT), why);
                owners.of(Objects.requireNonNull(known.get(node.id())).status()).forEach(ip -> {
                    names.put(ip.toString(), why);
                    addresses.put(ip, why);
                });
            }
        }
        if (limit.isEmpty()) {
            String why = "found gone before this allocator began, and nobody has heard of it since";
            restored.forEach(entry -> {
                if (!entry.name().isEmpty()) {
                    names.putIfAbsent(entry.name(), why);
                }
                addresses.putIfAbsent(entry.address(), why);
            });
        }
        return new ReachVerdict(nodes, names, addresses, places(owners), limit);
    }

    private Map<String, String> places(Owners owners) {
        Map<String, String> places = new HashMap<>();
        if (known.values().stream().anyMatch(node -> !place(node).equals("//"))) {
            for (KnownNode node : known.values()) {
                places.put(node.id().toLowerCase(Locale.ROOT), place(node));
                owners.of(node.status()).forEach(ip -> places.put(ip.toString(), place(node)));
            }
        }
        return places;
    }

    private static String place(KnownNode node) {
        SortedMap<String, String> attributes = node.status().attributes();
        return Stream.of("region", "zone", "rack")
                .map(key -> attributes.getOrDefault(key, "").replace('/', '-'))
                .collect(Collectors.joining("/"));
    }

    private NodeReach of(KnownNode node, Evidence evidence, boolean isLimited, long now) {
        boolean isAccused = !evidence.of(node).isEmpty() || !node.isPresent();
        NodeReach.State state = node.isGone()
                ? (isLimited ? NodeReach.State.KEPT : NodeReach.State.UNREACHABLE)
                : (isAccused ? NodeReach.State.SUSPECTED : NodeReach.State.REACHABLE);
        return new NodeReach(node.id(), state, evidence.of(node), node.ended().filter(ended -> ended <= now));
    }

    /** Whose an address is. One that several nodes have, such as a bridge's, is nobody's. */
    private record Owners(Map<Ip, Optional<String>> byAddress) {
        static Owners of(List<NodeStatus> nodes) {
            Map<Ip, Optional<String>> byAddress = new HashMap<>();
            for (NodeStatus node : nodes) {
                Stream.concat(node.addresses().stream(), node.probe().stream().map(probe -> probe.ip()))
                        .distinct()
                        .forEach(ip -> byAddress.merge(ip, Optional.of(node.id()), (one, other) -> Optional.empty()));
            }
            return new Owners(byAddress);
        }

        Optional<String> owner(Ip ip) {
            return byAddress.getOrDefault(ip, Optional.empty());
        }

        /** Of the addresses of a node those that are its alone. */
        List<Ip> of(NodeStatus node) {
            return Stream.concat(
                            node.addresses().stream(), node.probe().stream().map(probe -> probe.ip()))
                    .distinct()
                    .filter(ip -> owner(ip).equals(Optional.of(node.id())))
                    .toList();
        }
    }
}
