package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import java.util.HashSet;
import java.util.Set;

/** Decides whether a plan may look only at what was touched. */
final class Scopes {

    private Scopes() {}

    /**
     * Names do not depend on each other once they have an address. Fixed VIPs depend on every address in use: a claim that
     * comes, goes or is refused, and an address in use that one has or waits for, need a look at everything. Who has a
     * firewall mark may let go of it: others with a problem may wait for it.
     *
     * @param troubled targets that have a problem now
     */
    static Scope of(Inventory.Touched touched, Inventory inventory, State current, Set<Target> troubled) {
        if (touched.everything()) {
            return Scope.ALL;
        }
        for (Ip ip : touched.addresses()) {
            if (current.isClaimed(ip) || troubled.contains(new FixedAddress(ip))) {
                return Scope.ALL;
            }
        }
        Set<Target> targets = new HashSet<>(touched.targets());
        if (targets.stream().anyMatch(target -> Fwmarks.has(current, target))) {
            targets.addAll(troubled);
        }
        for (Target target : targets) {
            if (target instanceof FixedAddress fixed
                    && (!current.isClaimed(fixed.ip()) || inventory.keys(target).isEmpty())) {
                return Scope.ALL;
            }
        }
        return Scope.of(targets);
    }
}
