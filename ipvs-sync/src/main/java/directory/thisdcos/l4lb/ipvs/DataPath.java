package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What surrounds the IPVS table so that its addresses work. Each step compares with the kernel first, writes only what
 * differs, and returns how many things it changed.
 */
interface DataPath extends AutoCloseable {

    /** Addresses of this host's interfaces, with their prefix lengths. */
    List<Prefix> hostAddresses() throws NetlinkException;

    int setSysctls();

    /** Leak guard and masquerade for exactly these addresses; new connections to exactly these services refused. */
    int guard(LocalAddresses addresses, Collection<ServiceId.Address> idle);

    /** Refuses new connections to these services too; those already refused cost nothing. */
    int refuse(Collection<ServiceId.Address> ids);

    /** Lets new connections to these services through to IPVS. */
    int admit(Collection<ServiceId.Address> ids);

    /** Removes our local routes, except these. */
    int removeOtherRoutes(Set<Prefix> wanted) throws NetlinkException;

    int addRoutes(Set<Prefix> wanted) throws NetlinkException;

    /** Wanted routes that the kernel refused. */
    Set<Prefix> missingRoutes();

    List<Problem> problems();

    @Override
    void close();
}
