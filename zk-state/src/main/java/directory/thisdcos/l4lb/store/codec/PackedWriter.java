package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the VIPs of a shard in a packed form, a fifth of their JSON: a node that starts reads a million backends, and most
 * of that time went into the names of fields and the texts of numbers. {@link PackedReader} is its mirror.
 */
final class PackedWriter {

    /** First octet of a packed shard; JSON begins with a brace. */
    static final int FORMAT = 2;

    static final int HAS_CONTAINER = 1;
    static final int HAS_ZONE = 2;

    static final int HAS_ADDRESS6 = 1;
    static final int IS_RESERVED = 2;
    static final int HAS_FORMER = 4;

    static final int HAS_LEASE = 1;
    static final int HAS_OPTIONS = 2;

    static final int IS_NAME = 1;
    static final int HAS_ALLOCATION = 2;

    private final PackedOutput out = new PackedOutput();
    private final Map<Balancing, String> balancings = new HashMap<>();

    private PackedWriter() {}

    static byte[] shard(long seq, Collection<Vip> vips) throws IOException {
        PackedWriter writer = new PackedWriter();
        writer.out.octet(FORMAT);
        writer.out.number(seq);
        writer.out.number(vips.size());
        for (Vip vip : vips) {
            writer.vip(vip);
        }
        return writer.out.toByteArray();
    }

    private void vip(Vip vip) throws IOException {
        boolean hasAllocation = vip.allocation().isPresent();
        out.octet((vip.target() instanceof FixedAddress ? 0 : IS_NAME) | (hasAllocation ? HAS_ALLOCATION : 0));
        if (vip.target() instanceof FixedAddress fixed) {
            out.ip(fixed.ip());
        } else {
            out.text(vip.target().text());
        }
        if (hasAllocation) {
            allocation(vip.allocation().get());
        }
        out.number(vip.services().size());
        for (VirtualService service : vip.services()) {
            service(service);
        }
    }

    private void allocation(Allocation allocation) throws IOException {
        Hold hold = allocation.hold();
        out.octet((allocation.address6().isPresent() ? HAS_ADDRESS6 : 0)
                | (hold.reserved() ? IS_RESERVED : 0)
                | (hold.former().isEmpty() ? 0 : HAS_FORMER));
        out.ip(allocation.address());
        allocation.address6().ifPresent(out::ip);
        out.sharedText(allocation.status().text());
        out.number(allocation.since());
        out.sharedText(allocation.owner());
        if (!hold.former().isEmpty()) {
            out.number(hold.former().size());
            for (Hold.Former former : hold.former()) {
                out.ip(former.address());
                out.number(former.since());
            }
        }
    }

    private void service(VirtualService service) throws IOException {
        out.octet(service.key().protocol().number());
        out.number(service.key().port());
        spec(service.spec());
        out.number(service.backends().size());
        for (Backend backend : service.backends().values()) {
            backend(backend);
        }
    }

    private void spec(ServiceSpec spec) throws IOException {
        String balancing = balancings.get(spec.balancing());
        if (balancing == null) {
            balancing = balancing(spec.balancing());
            balancings.put(spec.balancing(), balancing);
        }
        out.sharedText(balancing);
        out.number(spec.since());
        out.number(spec.origins().size());
        for (Origin origin : spec.origins()) {
            out.octet((origin.leaseMillis() != 0 ? HAS_LEASE : 0)
                    | (origin.options().isEmpty() ? 0 : HAS_OPTIONS));
            out.sharedText(origin.source());
            out.sharedText(origin.framework());
            out.sharedText(origin.owner());
            out.text(origin.label());
            if (origin.leaseMillis() != 0) {
                out.number(origin.leaseMillis());
            }
            if (!origin.options().isEmpty()) {
                out.sharedText(origin.options());
            }
        }
    }

    /** As JSON: few differ, and what is added to them comes along. */
    private static String balancing(Balancing balancing) throws IOException {
        return Json.text(json -> new ModelWriter(json).spec(new ServiceSpec(balancing, List.of(), 0)));
    }

    private void backend(Backend backend) throws IOException {
        out.octet((backend.container().isPresent() ? HAS_CONTAINER : 0)
                | (backend.zone().isEmpty() ? 0 : HAS_ZONE));
        endpoint(backend.address());
        backend.container().ifPresent(this::endpoint);
        out.number(backend.weight());
        out.sharedText(backend.health().text());
        out.sharedText(backend.node());
        if (!backend.zone().isEmpty()) {
            out.sharedText(backend.zone());
        }
        out.sharedText(backend.portName());
        out.text(backend.task());
        out.sharedText(backend.source());
    }

    private void endpoint(Endpoint endpoint) {
        out.ip(endpoint.ip());
        out.number(endpoint.port());
    }
}
