package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.BackendsBuilder;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what {@link PackedWriter} writes. The model's constructors check ranges; what they throw is a bad record. */
final class PackedReader {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_WEIGHT = 65_535;

    private static final Map<String, Health> HEALTH =
            Arrays.stream(Health.values()).collect(Collectors.toUnmodifiableMap(Health::text, health -> health));
    private static final Map<String, Allocation.Status> STATUS = Arrays.stream(Allocation.Status.values())
            .collect(Collectors.toUnmodifiableMap(Allocation.Status::text, status -> status));

    private final PackedInput in;
    private final SharedValues shared;
    private final BackendsBuilder backends = new BackendsBuilder();

    private PackedReader(PackedInput in, SharedValues shared) {
        this.in = in;
        this.shared = shared;
    }

    /** @param octets begin with {@link PackedWriter#FORMAT} */
    static Shard shard(byte[] octets, SharedValues shared) throws IOException {
        PackedInput in = new PackedInput(octets, 1, shared);
        PackedReader reader = new PackedReader(in, shared);
        try {
            Shard shard = new Shard(in.number(), in.list(reader::vip));
            in.end();
            return shard;
        } catch (IllegalArgumentException e) {
            throw new BadRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private Vip vip() throws IOException {
        int flags = flags(PackedWriter.IS_NAME | PackedWriter.HAS_ALLOCATION);
        Target target = (flags & PackedWriter.IS_NAME) != 0 ? new ServiceName(in.text()) : new FixedAddress(in.ip());
        Optional<Allocation> allocation = Optional.empty();
        if ((flags & PackedWriter.HAS_ALLOCATION) != 0) {
            if (!(target instanceof ServiceName name)) {
                throw new BadRecordException(target + " is an address and holds an allocation");
            }
            allocation = Optional.of(allocation(name));
        }
        List<VirtualService> services = in.list(() -> service(target));
        if (allocation.isEmpty() && services.isEmpty()) {
            throw new BadRecordException(target + " has neither an allocation nor a service");
        }
        return Vip.of(target, allocation, services);
    }

    private Allocation allocation(ServiceName name) throws IOException {
        int flags = flags(PackedWriter.HAS_ADDRESS6 | PackedWriter.IS_RESERVED | PackedWriter.HAS_FORMER);
        Ip address = in.ip();
        Optional<Ip> address6 = has(flags, PackedWriter.HAS_ADDRESS6) ? Optional.of(in.ip()) : Optional.empty();
        Allocation.Status status = named(STATUS, in.sharedText());
        long since = in.number();
        String owner = in.repeatedText();
        List<Hold.Former> former =
                has(flags, PackedWriter.HAS_FORMER) ? in.list(() -> new Hold.Former(in.ip(), in.number())) : List.of();
        boolean reserved = has(flags, PackedWriter.IS_RESERVED);
        Hold hold = reserved || !former.isEmpty() ? new Hold(reserved, former) : Hold.NONE;
        return new Allocation(name, address, address6, status, since, owner, hold);
    }

    private VirtualService service(Target target) throws IOException {
        int number = in.octet();
        Protocol protocol = Protocol.of(number)
                .orElseThrow(() ->
                        new BadRecordException("unknown protocol " + number + "; a newer release may have written it"));
        ServiceKey key = new ServiceKey(target, protocol, in.smallNumber(MAX_PORT));
        return VirtualService.of(key, spec(), backends());
    }

    private ServiceSpec spec() throws IOException {
        String text = in.sharedText();
        Balancing balancing = shared.balancing(text);
        if (balancing == null) {
            balancing = balancing(text);
            shared.put(text, balancing);
        }
        long since = in.number();
        return new ServiceSpec(balancing, in.list(this::origin), since);
    }

    private static Balancing balancing(String text) throws IOException {
        byte[] json = text.getBytes(StandardCharsets.US_ASCII);
        return Json.readPlain(new ByteArrayInputStream(json), json.length, parser -> new ModelReader(parser).spec())
                .balancing();
    }

    private Origin origin() throws IOException {
        int flags = flags(PackedWriter.HAS_LEASE | PackedWriter.HAS_OPTIONS);
        String source = in.sharedText();
        String framework = in.sharedText();
        String owner = in.repeatedText();
        String label = in.text();
        long leaseMillis = has(flags, PackedWriter.HAS_LEASE) ? in.number() : 0;
        String options = has(flags, PackedWriter.HAS_OPTIONS) ? in.sharedText() : "";
        return new Origin(source, framework, owner, label, leaseMillis, options);
    }

    private BackendsBuilder backends() throws IOException {
        backends.clear();
        for (int left = in.listSize(); left > 0; left--) {
            backend();
        }
        return backends;
    }

    private void backend() throws IOException {
        int flags = flags(PackedWriter.HAS_CONTAINER | PackedWriter.HAS_ZONE);
        in.endpoint(backends, false);
        if (has(flags, PackedWriter.HAS_CONTAINER)) {
            in.endpoint(backends, true);
        }
        int weight = in.smallNumber(MAX_WEIGHT);
        backends.state(weight, named(HEALTH, in.sharedText()));
        String node = in.sharedText();
        String zone = has(flags, PackedWriter.HAS_ZONE) ? in.sharedText() : "";
        String portName = in.sharedText();
        in.task(backends);
        backends.texts(node, zone, portName, in.sharedText());
        backends.end();
    }

    private static <E> E named(Map<String, E> values, String text) throws BadRecordException {
        E value = values.get(text);
        if (value == null) {
            throw new BadRecordException("unknown value '" + text + "'; a newer release may have written it");
        }
        return value;
    }

    /** @param known all bits that have a meaning */
    private int flags(int known) throws BadRecordException {
        int flags = in.octet();
        if ((flags & ~known) != 0) {
            throw new BadRecordException("unknown flags " + flags + "; a newer release may have written them");
        }
        return flags;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
