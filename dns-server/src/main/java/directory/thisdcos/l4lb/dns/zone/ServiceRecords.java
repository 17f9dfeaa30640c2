package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All records that one VIP has, by owner; a further kind of record is added here.
 *
 * <pre>
 *   NAME                      A, AAAA, TXT (one record for each virtual service)
 *   _PORT._PROTOCOL.NAME      SRV, TXT
 *   _PORTNAME._PROTOCOL.NAME  SRV, TXT     where backends name their port
 *   address below arpa        PTR
 * </pre>
 */
final class ServiceRecords {
    static final long TTL_SECONDS = 5;

    private final Name name;
    private final List<byte[]> texts = new ArrayList<>(1);
    private final Map<Name, Port> ports = new TreeMap<>();

    /** What stands at one port's name: of several services if backends of more than one name their port so. */
    private record Port(List<byte[]> srv, List<byte[]> txt) {}

    private ServiceRecords(Name name) {
        this.name = name;
    }

    /** Empty for a VIP that is not to be seen: no name, in quarantine, without services, or all of it withheld. */
    static Map<Name, List<Rrset>> of(Vip vip, Set<Ip> withheld) {
        Allocation allocation = vip.allocation().orElse(null);
        if (allocation == null || !allocation.isAllocated() || !vip.isLive()) {
            return Map.of();
        }
        List<Ip> visible = vip.addresses();
        if (!withheld.isEmpty()) {
            visible = visible.stream().filter(ip -> !withheld.contains(ip)).toList();
        }
        return visible.isEmpty()
                ? Map.of()
                : new ServiceRecords(Name.of(vip.target().text())).build(vip, visible);
    }

    private Map<Name, List<Rrset>> build(Vip vip, List<Ip> visible) {
        for (VirtualService service : vip.services()) {
            add(service);
        }
        Map<Name, List<Rrset>> records = new TreeMap<>();
        List<Rrset> own = new ArrayList<>(Rdata.addresses(TTL_SECONDS, visible));
        Rrset text = Rrset.of(Type.TXT, TTL_SECONDS, texts);
        own.add(text);
        records.put(name, own);
        for (Map.Entry<Name, Port> entry : ports.entrySet()) {
            Port port = entry.getValue();
            // One service's text stands at several names, which share the encoded record: it does not hold its owner.
            boolean isSame = texts.size() == 1 && port.txt().size() == 1;
            records.put(
                    entry.getKey(),
                    List.of(
                            Rrset.of(Type.SRV, TTL_SECONDS, port.srv()),
                            isSame ? text : Rrset.of(Type.TXT, TTL_SECONDS, port.txt())));
        }
        List<Rrset> pointer = List.of(Rrset.of(Type.PTR, TTL_SECONDS, List.of(name.wire())));
        for (Ip ip : visible) {
            records.put(ReverseName.of(ip), pointer);
        }
        return records;
    }

    private void add(VirtualService service) {
        byte[] attributes = Rdata.txt(attributes(service));
        texts.add(attributes);
        if (service.key().hasAllPorts()) {
            // No port to tell of.
            return;
        }
        String protocol = "_" + service.key().protocol().text();
        byte[] srv = Rdata.srv(service.key().port(), name);
        for (String label : labels(service)) {
            // Each text grows by one octet in wire form; a name too long for SRV still has its address.
            if (label.length() + protocol.length() + 3 + name.length() > Wire.MAX_NAME) {
                continue;
            }
            Port port = ports.computeIfAbsent(
                    name.child("_" + label, protocol), key -> new Port(new ArrayList<>(1), new ArrayList<>(1)));
            port.srv().add(srv);
            port.txt().add(attributes);
        }
    }

    /** The port's number and the names that backends have for it. */
    private static Set<String> labels(VirtualService service) {
        String number = Integer.toString(service.key().port());
        Set<String> labels = Set.of(number);
        for (Backend backend : service.backends().values()) {
            String label = backend.portName().isEmpty() ? "" : portLabel(backend);
            if (!label.isEmpty() && !labels.contains(label)) {
                labels = new TreeSet<>(labels);
                labels.add(label);
            }
        }
        return labels;
    }

    /**
     * A port's name as a label: letters and digits, with hyphens for what a host name cannot hold. Empty if nothing is left
     * or too much.
     */
    private static String portLabel(Backend backend) {
        String label = backend.portName()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9-]+", "-")
                .replaceAll("^-+|-+$", "");
        return label.length() < Wire.MAX_LABEL ? label : "";
    }

    private static List<String> attributes(VirtualService service) {
        int eligible = 0;
        for (Backend backend : service.backends().values()) {
            eligible += backend.share() > 0 ? 1 : 0;
        }
        List<String> strings = new ArrayList<>(8);
        strings.add("port=" + service.key().port());
        strings.add("protocol=" + service.key().protocol().text());
        strings.add("scheduler=" + service.spec().scheduler().text());
        strings.add("backends=" + service.backends().size());
        strings.add("eligible=" + eligible);
        for (Origin origin : service.spec().origins()) {
            add(strings, "framework=", origin.framework());
        }
        for (Origin origin : service.spec().origins()) {
            add(strings, "owner=", origin.owner());
        }
        return strings;
    }

    private static void add(List<String> strings, String key, String value) {
        if (!value.isEmpty() && strings.size() < 32 && !strings.contains(key + value)) {
            strings.add(key + value);
        }
    }
}
