package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Routes and guard in memory. */
final class FakeDataPath implements DataPath {
    final Set<Prefix> routes = new HashSet<>();
    List<Prefix> hostAddresses = new ArrayList<>();
    Optional<LocalAddresses> guard = Optional.empty();
    final Set<ServiceId.Address> refused = new HashSet<>();
    int guardWrites;

    /** Looks at the kernel at each moment at which the guard is as it should be. */
    Runnable onGuard = () -> {};

    @Override
    public List<Prefix> hostAddresses() {
        return List.copyOf(hostAddresses);
    }

    @Override
    public int setSysctls() {
        return 0;
    }

    @Override
    public int guard(LocalAddresses addresses, Collection<ServiceId.Address> idle) {
        boolean same = guard.filter(addresses::equals).isPresent() && refused.equals(Set.copyOf(idle));
        guard = Optional.of(addresses);
        refused.clear();
        refused.addAll(idle);
        guardWrites += same ? 0 : 1;
        onGuard.run();
        return same ? 0 : 1;
    }

    @Override
    public int refuse(Collection<ServiceId.Address> ids) {
        int changes = refused.addAll(ids) ? 1 : 0;
        guardWrites += changes;
        return changes;
    }

    @Override
    public int admit(Collection<ServiceId.Address> ids) {
        int changes = refused.removeAll(ids) ? 1 : 0;
        guardWrites += changes;
        return changes;
    }

    @Override
    public int removeOtherRoutes(Set<Prefix> wanted) {
        int before = routes.size();
        routes.retainAll(wanted);
        return before - routes.size();
    }

    @Override
    public int addRoutes(Set<Prefix> wanted) {
        int before = routes.size();
        routes.addAll(wanted);
        return routes.size() - before;
    }

    @Override
    public Set<Prefix> missingRoutes() {
        return Set.of();
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }

    @Override
    public void close() {}
}
