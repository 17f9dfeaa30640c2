package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonParser;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ModelWriter} writes. The model's constructors check ranges; what they throw is a bad record. */
final class ModelReader {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final int MAX_POOLS = 1_000;
    private static final int MAX_VIPS = 10_000_000;
    private static final int MAX_SERVICES = 131_070;
    private static final int MAX_BACKENDS = 1_000_000;
    private static final int MAX_ORIGINS = 100_000;

    private final Fields fields;

    ModelReader(JsonParser json) {
        this(json, new SharedValues());
    }

    /** @param shared texts that may repeat, by themselves; the reader adds to them */
    ModelReader(JsonParser json, SharedValues shared) {
        this.fields = new Fields(json, shared);
    }

    Fields fields() {
        return fields;
    }

    List<Vip> vips() throws IOException {
        return fields.list(this::vip, MAX_VIPS);
    }

    Pools pools() throws IOException {
        IpRange v4 = null;
        IpRange v6 = null;
        List<Pool> list = List.of();
        List<IpRange> claimable = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "v4" -> v4 = IpRange.parse(fields.text());
                case "v6" -> v6 = IpRange.parse(fields.text());
                case "list" -> list = fields.list(this::pool, MAX_POOLS);
                case "claimable" -> claimable = ranges();
                default -> fields.skip();
            }
        }
        return list.isEmpty()
                ? new Pools(Fields.required(v4, "v4"), Fields.required(v6, "v6"))
                : new Pools(list, claimable);
    }

    private Pool pool() throws IOException {
        String name = null;
        IpRange range = null;
        List<IpRange> reserved = List.of();
        List<String> suffixes = List.of();
        boolean draining = false;
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "name" -> name = fields.text();
                case "range" -> range = IpRange.parse(fields.text());
                case "reserved" -> reserved = ranges();
                case "suffixes" -> suffixes = fields.list(fields::text, MAX_POOLS);
                case "draining" -> draining = fields.truth();
                default -> fields.skip();
            }
        }
        return new Pool(Fields.required(name, "name"), Fields.required(range, "range"), reserved, suffixes, draining);
    }

    private List<IpRange> ranges() throws IOException {
        return fields.list(() -> IpRange.parse(fields.text()), MAX_POOLS);
    }

    private Vip vip() throws IOException {
        return vip(fields.first());
    }

    /** Whose first field was read already. */
    Vip vip(@Nullable String first) throws IOException {
        Target target = null;
        Allocation allocation = null;
        List<VirtualService> services = List.of();
        for (String field = first; field != null; field = fields.next()) {
            switch (field) {
                case "target" -> target = target(fields.text());
                case "allocation" -> allocation = allocation();
                case "services" -> services = fields.list(this::service, MAX_SERVICES);
                default -> fields.skip();
            }
        }
        return checked(Fields.required(target, "target"), allocation, services);
    }

    private static Vip checked(Target target, @Nullable Allocation allocation, List<VirtualService> services)
            throws BadRecordException {
        if (allocation != null && !allocation.name().equals(target)) {
            throw new BadRecordException(target + " holds the allocation of " + allocation.name());
        }
        for (VirtualService service : services) {
            if (!service.key().target().equals(target)) {
                throw new BadRecordException(target + " holds the service " + service.key());
            }
        }
        if (allocation == null && services.isEmpty()) {
            throw new BadRecordException(target + " has neither an allocation nor a service");
        }
        return Vip.of(target, Optional.ofNullable(allocation), services);
    }

    Allocation allocation() throws IOException {
        ServiceName name = null;
        Ip address = null;
        Ip address6 = null;
        Allocation.Status status = null;
        long since = 0;
        String owner = "";
        boolean reserved = false;
        List<Hold.Former> former = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "name" -> name = new ServiceName(fields.text());
                case "address" -> address = Ip.of(fields.text());
                case "address6" -> address6 = Ip.of(fields.text());
                case "status" -> status = named(Allocation.Status.values(), Allocation.Status::text, "status");
                case "since" -> since = fields.number();
                case "owner" -> owner = fields.sharedText();
                case "reserved" -> reserved = fields.truth();
                case "former" -> former = fields.list(this::former, MAX_POOLS);
                default -> fields.skip();
            }
        }
        return new Allocation(
                Fields.required(name, "name"),
                Fields.required(address, "address"),
                Optional.ofNullable(address6),
                Fields.required(status, "status"),
                since,
                owner,
                reserved || !former.isEmpty() ? new Hold(reserved, former) : Hold.NONE);
    }

    private Hold.Former former() throws IOException {
        Ip address = null;
        long since = 0;
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "address" -> address = Ip.of(fields.text());
                case "since" -> since = fields.number();
                default -> fields.skip();
            }
        }
        return new Hold.Former(Fields.required(address, "address"), since);
    }

    private VirtualService service() throws IOException {
        ServiceKey key = null;
        ServiceSpec spec = null;
        List<Backend> backends = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "key" -> key = key();
                case "spec" -> spec = spec();
                case "backends" -> backends = fields.list(this::backend, MAX_BACKENDS);
                default -> fields.skip();
            }
        }
        return VirtualService.of(Fields.required(key, "key"), Fields.required(spec, "spec"), backends);
    }

    ServiceSpec spec() throws IOException {
        Scheduler scheduler = null;
        boolean hashPort = true;
        ForwardingMethod method = ForwardingMethod.NAT;
        int tunnelPort = 0;
        int persistenceSeconds = 0;
        boolean onePacket = false;
        int upperThreshold = 0;
        int lowerThreshold = 0;
        int fwmark = 0;
        Care care = Care.NONE;
        long since = 0;
        List<Origin> origins = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "scheduler" -> scheduler = named(Scheduler.values(), Scheduler::text, "scheduler");
                case "hashPort" -> hashPort = fields.truth();
                case "method" -> method = named(ForwardingMethod.values(), ForwardingMethod::text, "method");
                case "tunnelPort" -> tunnelPort = fields.smallNumber();
                case "persistenceSeconds" -> persistenceSeconds = fields.smallNumber();
                case "onePacket" -> onePacket = fields.truth();
                case "upperThreshold" -> upperThreshold = fields.smallNumber();
                case "lowerThreshold" -> lowerThreshold = fields.smallNumber();
                case "fwmark" -> fwmark = fields.smallNumber();
                case "care" -> care = Care.parse(fields.sharedText());
                case "since" -> since = fields.number();
                case "origins" -> origins = fields.list(this::origin, MAX_ORIGINS);
                default -> fields.skip();
            }
        }
        Balancing balancing = new Balancing(
                Fields.required(scheduler, "scheduler"),
                hashPort,
                method,
                tunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
        return new ServiceSpec(balancing, origins, since);
    }

    private Origin origin() throws IOException {
        String source = "";
        String framework = "";
        String owner = "";
        String label = "";
        long leaseMillis = 0;
        String options = "";
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "source" -> source = fields.sharedText();
                case "framework" -> framework = fields.sharedText();
                case "owner" -> owner = fields.sharedText();
                case "label" -> label = fields.text();
                case "leaseMillis" -> leaseMillis = fields.number();
                case "options" -> options = fields.sharedText();
                default -> fields.skip();
            }
        }
        return new Origin(source, framework, owner, label, leaseMillis, options);
    }

    Backend backend() throws IOException {
        Endpoint address = null;
        Endpoint container = null;
        int weight = 0;
        Health health = null;
        String node = "";
        String zone = "";
        String portName = "";
        String task = "";
        String source = "";
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "address" -> address = Endpoint.parse(fields.text());
                case "container" -> container = Endpoint.parse(fields.text());
                case "weight" -> weight = fields.smallNumber();
                case "health" -> health = named(Health.values(), Health::text, "health");
                case "node" -> node = fields.sharedText();
                case "zone" -> zone = fields.sharedText();
                case "portName" -> portName = fields.sharedText();
                case "task" -> task = fields.text();
                case "source" -> source = fields.sharedText();
                default -> fields.skip();
            }
        }
        return new Backend(
                Fields.required(address, "address"),
                Optional.ofNullable(container),
                weight,
                Fields.required(health, "health"),
                node,
                zone,
                portName,
                task,
                source);
    }

    /** Parses {@code TARGET:PORT/PROTOCOL}; a name never looks like an address, as it ends with the zone. */
    ServiceKey key() throws IOException {
        String text = fields.text();
        int slash = text.lastIndexOf('/');
        int colon = text.lastIndexOf(':', slash);
        Optional<Protocol> protocol = Protocol.parse(text.substring(slash + 1));
        if (colon < 0
                || protocol.isEmpty()
                || !PORT.matcher(text).region(colon + 1, slash).matches()) {
            throw new BadRecordException("'" + text + "' is not TARGET:PORT/PROTOCOL");
        }
        int port = Integer.parseInt(text, colon + 1, slash, 10);
        return new ServiceKey(target(text.substring(0, colon)), protocol.get(), port);
    }

    private static Target target(String text) {
        Optional<Ip> ip = Ip.parse(text);
        return ip.isPresent() ? new FixedAddress(ip.get()) : new ServiceName(text);
    }

    private <E> E named(E[] values, Function<E, String> text, String field) throws IOException {
        String wanted = fields.text();
        for (E value : values) {
            if (text.apply(value).equals(wanted)) {
                return value;
            }
        }
        throw new BadRecordException("unknown " + field + " '" + wanted + "'; a newer release may have written it");
    }
}
