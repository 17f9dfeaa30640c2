package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.VipLabels;
import directory.thisdcos.l4lb.source.VipOptions;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads the VIP labels of ports, and remembers where labels were read. */
final class PortLabels {

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final String framework;
    private final String owner;
    private final Set<String> placesRead = new HashSet<>();
    private final List<Exclusion> exclusions = new ArrayList<>();

    /** @param owner the app or pod that carries them */
    PortLabels(String framework, String owner) {
        this.framework = framework;
        this.owner = owner;
    }

    /** One for each label and protocol ({@code "udp,tcp"} is two). */
    List<VipLabel> of(Json port) {
        Json labels = port.get("labels");
        placesRead.add(labels.path());
        List<VipLabels.Asked> asked = asked(labels, VipLabel::isVipKey);
        if (asked.isEmpty()) {
            return List.of();
        }
        Set<Protocol> protocols = protocols(port.get("protocol"));
        if (protocols.isEmpty()) {
            exclude(port.path(), "the port's protocol is none of tcp, udp and sctp");
        }
        List<VipLabel> vips = new ArrayList<>();
        for (VipLabels.Asked one : asked) {
            VipLabels.Labelled label = one.label();
            label.text()
                    .ifPresentOrElse(
                            text -> vips.addAll(parse(label.value(), text, protocols, one.options())),
                            () -> exclude(label.value().path(), "the label's value is no text"));
        }
        return vips;
    }

    private List<VipLabels.Asked> asked(Json labels, Predicate<String> isVip) {
        List<VipLabels.Labelled> all = new ArrayList<>();
        labels.forEachField((key, value) -> {
            if (isVip.test(key)) {
                all.add(VipLabels.Labelled.of(key, value));
            }
        });
        return VipLabels.of(all, (place, message) -> {
            place.fault(VipLabels.INVALID_OPTION, message);
            exclusions.add(new Exclusion(Optional.empty(), owner, "", place.path(), Exclusion.Reason.OPTION, message));
        });
    }

    private List<VipLabel> parse(Json place, String text, Set<Protocol> protocols, VipOptions options) {
        List<VipLabel> vips = new ArrayList<>();
        try {
            for (Protocol protocol : protocols) {
                vips.add(VipLabel.parse(text, protocol, framework, options));
            }
        } catch (InvalidVipException e) {
            fault(place, String.valueOf(e.getMessage()));
        }
        return vips;
    }

    private void fault(Json place, String message) {
        place.fault(VipLabel.INVALID, message);
        exclude(place.path(), message);
    }

    private void exclude(String port, String detail) {
        exclusions.add(new Exclusion(Optional.empty(), owner, "", port, Exclusion.Reason.LABEL, detail));
    }

    /** Apps write {@code "udp,tcp"}, pods {@code ["udp", "tcp"]}. */
    private static Set<Protocol> protocols(Json field) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        if (!field.isPresent()) {
            protocols.add(Protocol.TCP);
            return protocols;
        }
        for (Json item : field.isArray() ? field.items() : List.of(field)) {
            item.text().ifPresent(text -> {
                for (String part : COMMA.split(text.strip(), -1)) {
                    Optional<Protocol> protocol = Protocol.parse(part);
                    protocol.ifPresent(protocols::add);
                    if (protocol.isEmpty()) {
                        item.fault("unknown-protocol", "'" + part + "' is not tcp, udp or sctp; its VIPs are left out");
                    }
                }
            });
        }
        if (field.isArray() && field.items().isEmpty()) {
            protocols.add(Protocol.TCP);
        }
        return protocols;
    }

    /** VIPs that an app's own labels ask for by the index of a host port, {@code vip_port0=tcp://NAME:PORT}. */
    List<AppPort> ofApp(Json labels, List<AppPort> hostPorts) {
        placesRead.add(labels.path());
        List<AppPort> ports = new ArrayList<>();
        for (VipLabels.Asked asked : asked(labels, VipLabel::isPortIndexKey)) {
            VipLabels.Labelled label = asked.label();
            VipLabel.portIndex(label.key())
                    .ifPresentOrElse(
                            index -> indexed(label, asked.options(), index, hostPorts)
                                    .ifPresent(ports::add),
                            () -> fault(label.value(), "the key must be vip_portN with the index of a host port"));
        }
        labels.forEachField((key, value) -> {
            if (VipLabel.isVipKey(key) && !VipLabel.isPortIndexKey(key)) {
                value.fault(
                        UnreadLabels.KIND,
                        "an app's own labels give no VIP; move it to the labels of a port: " + UnreadLabels.PLACES);
            }
        });
        return ports;
    }

    private Optional<AppPort> indexed(
            VipLabels.Labelled label, VipOptions options, int index, List<AppPort> hostPorts) {
        Optional<AppPort> port = hostPorts.stream()
                .filter(candidate -> candidate.hostIndex().orElse(-1) == index)
                .findFirst();
        if (port.isEmpty()) {
            fault(
                    label.value(),
                    "there is no host port with index " + index + "; the app has " + hostPorts.size() + ", from 0");
            return Optional.empty();
        }
        try {
            return label.text().isEmpty()
                    ? Optional.empty()
                    : Optional.of(port.get()
                            .withVips(List.of(VipLabel.parseUrl(label.text().get(), framework, options))));
        } catch (InvalidVipException e) {
            fault(label.value(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    Set<String> placesRead() {
        return placesRead;
    }

    List<Exclusion> exclusions() {
        return exclusions;
    }
}
