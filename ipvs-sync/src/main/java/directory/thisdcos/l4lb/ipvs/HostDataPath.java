package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The real one: rtnetlink, nftables, /proc/sys. */
record HostDataPath(LocalRoutes routes, Firewall firewall, Sysctls sysctls) implements DataPath {

    @Override
    public List<Prefix> hostAddresses() throws NetlinkException {
        return routes.hostAddresses();
    }

    @Override
    public int setSysctls() {
        return sysctls.repair();
    }

    @Override
    public int guard(LocalAddresses addresses, Collection<ServiceId.Address> idle) {
        return firewall.ensure(addresses, idle);
    }

    @Override
    public int refuse(Collection<ServiceId.Address> ids) {
        return firewall.refuse(ids);
    }

    @Override
    public int admit(Collection<ServiceId.Address> ids) {
        return firewall.admit(ids);
    }

    @Override
    public int removeOtherRoutes(Set<Prefix> wanted) throws NetlinkException {
        return routes.removeAllBut(wanted);
    }

    @Override
    public int addRoutes(Set<Prefix> wanted) throws NetlinkException {
        return routes.add(wanted);
    }

    @Override
    public Set<Prefix> missingRoutes() {
        return routes.missing();
    }

    @Override
    public List<Problem> problems() {
        return Stream.of(routes.problems(), firewall.problems(), sysctls.problems())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        routes.close();
        firewall.close();
    }
}
