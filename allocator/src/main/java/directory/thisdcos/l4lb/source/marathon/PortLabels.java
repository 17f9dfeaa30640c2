package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the VIP labels of ports, and remembers where labels were read. */
final class PortLabels {

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final String framework;
    private final Set<String> placesRead = new HashSet<>();

    PortLabels(String framework) {
        this.framework = framework;
    }

    /** One for each label and protocol ({@code "udp,tcp"} is two). */
    List<VipLabel> of(Json port) {
        Json labels = port.get("labels");
        placesRead.add(labels.path());
        List<Json> values = new ArrayList<>();
        labels.forEachField((key, value) -> {
            if (VipLabel.isVipKey(key)) {
                values.add(value);
            }
        });
        if (values.isEmpty()) {
            return List.of();
        }
        Set<Protocol> protocols = protocols(port.get("protocol"));
        List<VipLabel> vips = new ArrayList<>();
        for (Json value : values) {
            value.text().ifPresent(text -> vips.addAll(parse(value, text, protocols)));
        }
        return vips;
    }

    private List<VipLabel> parse(Json place, String text, Set<Protocol> protocols) {
        List<VipLabel> vips = new ArrayList<>();
        try {
            for (Protocol protocol : protocols) {
                vips.add(VipLabel.parse(text, protocol, framework));
            }
        } catch (InvalidVipException e) {
            place.fault(VipLabel.INVALID, String.valueOf(e.getMessage()));
        }
        return vips;
    }

    private static Set<Protocol> protocols(Json field) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        if (!field.isPresent()) {
            protocols.add(Protocol.TCP);
            return protocols;
        }
        field.text().ifPresent(text -> {
            for (String part : COMMA.split(text.strip(), -1)) {
                Optional<Protocol> protocol = Protocol.parse(part);
                protocol.ifPresent(protocols::add);
                if (protocol.isEmpty()) {
                    field.fault("unknown-protocol", "'" + part + "' is not tcp or udp; its VIPs are left out");
                }
            }
        });
        return protocols;
    }

    /** VIPs that an app's own labels ask for by the index of a host port, {@code vip_port0=tcp://NAME:PORT}. */
    List<AppPort> ofApp(Json labels, List<AppPort> hostPorts) {
        placesRead.add(labels.path());
        List<AppPort> ports = new ArrayList<>();
        labels.forEachField((key, value) -> {
            if (VipLabel.isPortIndexKey(key)) {
                VipLabel.portIndex(key)
                        .ifPresentOrElse(
                                index -> indexed(value, index, hostPorts).ifPresent(ports::add),
                                () -> value.fault(
                                        VipLabel.INVALID, "the key must be vip_portN with the index of a host port"));
            } else if (VipLabel.isVipKey(key)) {
                value.fault(
                        UnreadLabels.KIND,
                        "an app's own labels give no VIP; move it to the labels of a port: " + UnreadLabels.PLACES);
            }
        });
        return ports;
    }

    private Optional<AppPort> indexed(Json value, int index, List<AppPort> hostPorts) {
        Optional<AppPort> port = hostPorts.stream()
                .filter(candidate -> candidate.hostIndex().orElse(-1) == index)
                .findFirst();
        if (port.isEmpty()) {
            value.fault(
                    VipLabel.INVALID,
                    "there is no host port with index " + index + "; the app has " + hostPorts.size() + ", from 0");
            return Optional.empty();
        }
        try {
            Optional<String> text = value.text();
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(port.get().withVips(List.of(VipLabel.parseUrl(text.get(), framework))));
        } catch (InvalidVipException e) {
            value.fault(VipLabel.INVALID, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    Set<String> placesRead() {
        return placesRead;
    }
}
