package directory.thisdcos.l4lb.conformance;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows who holds which address with maps of its own, and says what must never be: an address with two names in one
 * version, a name whose address changes, an address that another name gets inside its quarantine, a name that is
 * withdrawn although it is wanted. For one thread, but for {@link #held}.
 */
final class TableChecker {
    private final Duration quarantine;
    private final Wanted wanted;
    private final Asked asked;
    private final Map<ServiceName, Allocation> allocations = new HashMap<>();
    private final Map<Ip, Set<ServiceName>> holders = new HashMap<>();

    /** The name that had an address last, and when it was withdrawn from it. */
    private final Map<Ip, Release> releases = new HashMap<>();

    private final Set<String> everHeld = new HashSet<>();
    private int reuses;

    private record Release(ServiceName name, long atMillis) {}

    /** What the workload wants. */
    interface Wanted {
        /** Whether a name has been wanted without a break for so long that everybody must know. */
        boolean forLong(ServiceName name);
    }

    /** What an operator ordered. */
    interface Asked {
        /** Whether a name was ever to be moved to an address. */
        boolean move(ServiceName name, Ip address);
    }

    /** @param quarantine as it must be seen from outside; less than the setting by what a commit may take */
    TableChecker(Duration quarantine, Wanted wanted, Asked asked) {
        this.quarantine = quarantine;
        this.wanted = wanted;
        this.asked = asked;
    }

    /** @return what is wrong with the version that this batch makes */
    List<String> check(Batch batch, long atMillis) {
        List<String> faults = new ArrayList<>();
        Set<Ip> touched = new HashSet<>();
        for (Change change : batch.changes()) {
            if (change instanceof Change.AllocationPut put) {
                Allocation now = put.allocation();
                Allocation before = allocations.put(now.name(), now);
                checkOne(before, now, atMillis, faults);
                if (before != null) {
                    before.occupied().forEach(ip -> holdersOf(ip).remove(now.name()));
                }
                now.occupied().forEach(ip -> holdersOf(ip).add(now.name()));
                touched.addAll(now.occupied());
            } else if (change instanceof Change.AllocationRemoved removed) {
                Allocation before = allocations.remove(removed.name());
                if (before != null) {
                    before.occupied().forEach(ip -> holdersOf(ip).remove(removed.name()));
                    if (before.isAllocated()) {
                        faults.add(removed.name() + " lost " + before.addresses() + " without a quarantine");
                        before.addresses().forEach(ip -> releases.put(ip, new Release(removed.name(), atMillis)));
                    }
                }
            }
        }
        for (Ip ip : touched) {
            if (holdersOf(ip).size() > 1) {
                faults.add("in version " + batch.seq() + " " + ip + " belongs to " + holdersOf(ip));
            }
        }
        return faults.stream()
                .map(fault -> "batch " + batch.seq() + ": " + fault)
                .toList();
    }

    private Set<ServiceName> holdersOf(Ip ip) {
        return holders.computeIfAbsent(ip, unused -> new HashSet<>());
    }

    private void checkOne(
            @org.jspecify.annotations.Nullable Allocation before, Allocation now, long atMillis, List<String> faults) {
        if (before != null && !before.address().equals(now.address())) {
            if (!asked.move(now.name(), now.address())) {
                faults.add(now.name() + " had " + before.address() + " and has " + now.address());
            }
            releases.put(before.address(), new Release(now.name(), atMillis));
        }
        if (before != null && before.isAllocated() && !now.isAllocated()) {
            now.addresses().forEach(ip -> releases.put(ip, new Release(now.name(), atMillis)));
            if (wanted.forLong(now.name())) {
                faults.add(now.name() + " is withdrawn although it is wanted");
            }
        }
        if (now.isAllocated()) {
            synchronized (everHeld) {
                everHeld.add(now.name() + " " + now.address());
            }
            for (Ip ip : now.addresses()) {
                Release last = releases.get(ip);
                if (last != null && !last.name().equals(now.name())) {
                    reuses++;
                    long after = atMillis - last.atMillis();
                    if (after < quarantine.toMillis()) {
                        faults.add(ip + " went from " + last.name() + " to " + now.name() + " after " + after + " ms");
                    }
                    releases.remove(ip);
                }
            }
        }
    }

    /** Whether some version gave the name this address. */
    boolean held(ServiceName name, String address) {
        synchronized (everHeld) {
            return everHeld.contains(name + " " + address);
        }
    }

    /** How often an address went from one name to another, after its quarantine. */
    int reuses() {
        return reuses;
    }
}
