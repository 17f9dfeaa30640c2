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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
    private final Map<Name, List<byte[]>> srv = new LinkedHashMap<>();
    private final Map<Name, List<byte[]>> txt = new LinkedHashMap<>();
    private final IdentityHashMap<byte[], Rrset> texts = new IdentityHashMap<>();

    private ServiceRecords(Name name) {
        this.name = name;
    }

    /** Empty for a VIP that is not to be seen: no name, in quarantine, without services, or all of it withheld. */
    static Map<Name, List<Rrset>> of(Vip vip, Set<Ip> withheld) {
        boolean shown =
                vip.isLive() && vip.allocation().filter(Allocation::isAllocated).isPresent();
        List<Ip> visible = shown
                ? vip.addresses().stream().filter(ip -> !withheld.contains(ip)).toList()
                : List.of();
        return visible.isEmpty()
                ? Map.of()
                : new ServiceRecords(Name.of(vip.target().text())).build(vip, visible);
    }

    private Map<Name, List<Rrset>> build(Vip vip, List<Ip> visible) {
        vip.services().forEach(this::add);
        Map<Name, List<Rrset>> records = new TreeMap<>();
        records.put(name, new ArrayList<>(Rdata.addresses(TTL_SECONDS, visible)));
        srv.forEach((owner, data) ->
                records.computeIfAbsent(owner, key -> new ArrayList<>()).add(Rrset.of(Type.SRV, TTL_SECONDS, data)));
        txt.forEach((owner, data) ->
                records.computeIfAbsent(owner, key -> new ArrayList<>()).add(text(data)));
        visible.forEach(ip ->
                records.put(ReverseName.of(ip), List.of(Rrset.of(Type.PTR, TTL_SECONDS, List.of(name.wire())))));
        return records;
    }

    /** One service's text stands at several names, which share the encoded records: they do not hold their owner. */
    private Rrset text(List<byte[]> data) {
        return data.size() == 1
                ? texts.computeIfAbsent(data.get(0), one -> Rrset.of(Type.TXT, TTL_SECONDS, List.of(one)))
                : Rrset.of(Type.TXT, TTL_SECONDS, data);
    }

    private void add(VirtualService service) {
        byte[] attributes = Rdata.txt(attributes(service));
        txt.computeIfAbsent(name, key -> new ArrayList<>()).add(attributes);
        if (service.key().hasAllPorts()) {
            // No port to tell of.
            return;
        }
        Set<String> labels = new TreeSet<>();
        labels.add(Integer.toString(service.key().port()));
        service.backends().values().forEach(backend -> portLabel(backend).ifPresent(labels::add));
        for (String label : labels) {
            String prefix = "_" + label + "._" + service.key().protocol().text();
            // Each text grows by one octet in wire form; a name too long for SRV still has its address.
            if (prefix.length() + 1 + name.length() > Wire.MAX_NAME) {
                continue;
            }
            Name owner = name.child("_" + service.key().protocol().text()).child("_" + label);
            srv.computeIfAbsent(owner, key -> new ArrayList<>())
                    .add(Rdata.srv(service.key().port(), name));
            txt.computeIfAbsent(owner, key -> new ArrayList<>()).add(attributes);
        }
    }

    /** A port's name as a label: letters and digits, with hyphens for what a host name cannot hold. */
    private static java.util.Optional<String> portLabel(Backend backend) {
        String label = backend.portName()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9-]+", "-")
                .replaceAll("^-+|-+$", "");
        boolean legal = !label.isEmpty() && label.length() < Wire.MAX_LABEL;
        return legal ? java.util.Optional.of(label) : java.util.Optional.empty();
    }

    private static List<String> attributes(VirtualService service) {
        List<String> strings = new ArrayList<>();
        strings.add("port=" + service.key().port());
        strings.add("protocol=" + service.key().protocol().text());
        strings.add("scheduler=" + service.spec().scheduler().text());
        strings.add("backends=" + service.backends().size());
        strings.add("eligible="
                + service.backends().values().stream()
                        .filter(backend -> backend.share() > 0)
                        .count());
        service.spec().origins().stream()
                .map(Origin::framework)
                .distinct()
                .forEach(text -> add(strings, "framework", text));
        service.spec().origins().stream().map(Origin::owner).distinct().forEach(text -> add(strings, "owner", text));
        return strings;
    }

    private static void add(List<String> strings, String key, String value) {
        if (!value.isEmpty() && strings.size() < 32) {
            strings.add(key + "=" + value);
        }
    }
}
