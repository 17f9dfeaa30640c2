package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Decides which fixed VIPs may have the address that they ask for. */
final class Claims {

    /** More owners than this are not spelt out in a problem. */
    private static final int MAX_OWNERS = 3;

    private final State current;
    private final Pools pools;
    private final NamePlan names;
    private final DangerousAddresses dangerous;
    private final Set<Ip> accepted = new HashSet<>();

    Claims(State current, Pools pools, NamePlan names, DangerousAddresses dangerous) {
        this.current = current;
        this.pools = pools;
        this.names = names;
        this.dangerous = dangerous;
    }

    /** Takes refused claims out of {@code wanted}. */
    void settle(SortedMap<Target, SortedMap<ServiceKey, Desired.Service>> wanted, PlanProblems problems) {
        Iterator<Map.Entry<Target, SortedMap<ServiceKey, Desired.Service>>> entries =
                wanted.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Target, SortedMap<ServiceKey, Desired.Service>> entry = entries.next();
            if (entry.getKey() instanceof FixedAddress fixed) {
                Optional<Problem> refusal = refusal(fixed.ip(), entry.getValue());
                if (refusal.isPresent()) {
                    problems.add(fixed, refusal.get());
                    entries.remove();
                } else {
                    accepted.add(fixed.ip());
                    if (!pools.mayClaim(fixed.ip())) {
                        problems.add(
                                fixed, notAllowed(fixed.ip(), entry.getValue(), "is kept for as long as it lives"));
                    }
                }
            }
        }
    }

    Set<Ip> accepted() {
        return accepted;
    }

    private Optional<Problem> refusal(Ip ip, SortedMap<ServiceKey, Desired.Service> services) {
        Optional<String> danger = dangerous.reason(ip);
        if (danger.isPresent()) {
            return Optional.of(new Problem(
                    "dangerous-vip",
                    ip.toString(),
                    "the fixed VIP of " + owners(services) + " is refused: it is " + danger.get()
                            + ", and every node would take packets to it as its own; choose another address"));
        }
        // One that is in use is not withdrawn because a list became shorter.
        if (!pools.mayClaim(ip) && !current.isClaimed(ip)) {
            return Optional.of(notAllowed(ip, services, "is refused"));
        }
        Optional<ServiceName> holder = current.holder(ip).filter(names::holds);
        return holder.map(name -> new Problem(
                "address-taken",
                ip.toString(),
                "the fixed VIP of " + owners(services) + " is refused: " + name + " "
                        + (names.isLive(name) ? "has this address" : "had this address and may come back for it")
                        + "; choose one outside the pool"));
    }

    private static Problem notAllowed(Ip ip, SortedMap<ServiceKey, Desired.Service> services, String what) {
        return new Problem(
                "claim-not-allowed",
                ip.toString(),
                "the fixed VIP of " + owners(services) + " " + what + ": it is in no pool and in no range of"
                        + " --claim-allow; choose another address or allow it");
    }

    private static String owners(SortedMap<ServiceKey, Desired.Service> services) {
        List<String> owners = services.values().stream()
                .flatMap(service -> service.origins().stream())
                .map(Planner::owner)
                .distinct()
                .sorted()
                .toList();
        String more = owners.size() > MAX_OWNERS ? " and " + (owners.size() - MAX_OWNERS) + " more" : "";
        return String.join(", ", owners.subList(0, Math.min(MAX_OWNERS, owners.size()))) + more;
    }
}
