package directory.thisdcos.l4lb.ipvs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fewest operations that lead from the kernel's table to the desired one, in an order that loses no connection:
 *
 * <ol>
 *   <li>service by service: what is missing is added, what gets more weight is set, then the service itself is set. A
 *       new service with several destinations begins without a scheduler and gets it last, so that no client ever meets
 *       a half-filled one (from none to a scheduler costs the kernel no RCU grace period; a change between two does).
 *   <li>then what gets less weight is set, and last destinations and services go: no pool shrinks before it has grown.
 * </ol>
 *
 * An edit is always a SET, never remove and add: a removed destination takes its connections with it
 * (expire_nodest_conn; ip_vs_conn.c: ip_vs_conn_expire_nodest).
 */
final class TableDiff {
    private final List<IpvsOp> grow = new ArrayList<>();
    private final List<IpvsOp> shrink = new ArrayList<>();
    private final List<IpvsOp> remove = new ArrayList<>();

    private TableDiff() {}

    /** Over the given services only; what is absent from a map does not exist. */
    static List<IpvsOp> between(
            Map<ServiceId, ServiceEntry> kernel, Map<ServiceId, ServiceEntry> desired, Collection<ServiceId> ids) {
        TableDiff diff = new TableDiff();
        ids.forEach(id -> diff.add(id, kernel.get(id), desired.get(id)));
        List<IpvsOp> all = diff.grow;
        all.addAll(diff.shrink);
        all.addAll(diff.remove);
        return all;
    }

    private void add(ServiceId id, @Nullable ServiceEntry kernel, @Nullable ServiceEntry desired) {
        if (desired == null) {
            if (kernel != null) {
                remove.add(new IpvsOp.RemoveService(id));
            }
        } else if (kernel == null) {
            create(desired);
        } else if (!kernel.equals(desired)) {
            edit(id, kernel, desired);
        }
    }

    private void create(ServiceEntry desired) {
        KernelService service = desired.service();
        // With up to one destination there is no half-filled state to hide.
        boolean publishLast = desired.destinations().size() > 1;
        grow.add(new IpvsOp.AddService(publishLast ? service.unpublished() : service));
        desired.destinations()
                .values()
                .forEach(destination -> grow.add(new IpvsOp.AddDestination(service.id(), destination)));
        if (publishLast && !service.equals(service.unpublished())) {
            grow.add(new IpvsOp.SetService(service));
        }
    }

    private void edit(ServiceId id, ServiceEntry kernel, ServiceEntry desired) {
        List<IpvsOp> sets = new ArrayList<>();
        for (KernelDestination destination : desired.destinations().values()) {
            KernelDestination old = kernel.destinations().get(destination.address());
            if (old == null) {
                grow.add(new IpvsOp.AddDestination(id, destination));
            } else if (!old.equals(destination)) {
                (destination.weight() < old.weight() ? shrink : sets).add(new IpvsOp.SetDestination(id, destination));
            }
        }
        grow.addAll(sets);
        if (!kernel.service().equals(desired.service())) {
            grow.add(new IpvsOp.SetService(desired.service()));
        }
        kernel.destinations().keySet().stream()
                .filter(address -> !desired.destinations().containsKey(address))
                .forEach(address -> remove.add(new IpvsOp.RemoveDestination(id, address)));
    }
}
