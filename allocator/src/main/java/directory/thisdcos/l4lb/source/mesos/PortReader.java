package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.source.Exclusion;
import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.VipLabels;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ports of a task. Three places tell of them: port mappings (container and host side), discovery ports (one side,
 * with VIP labels), and the task's own {@code vip_portN} labels, whose N counts its {@code ports} resources.
 */
final class PortReader {
    /** Characters of a key that a message repeats. */
    private static final int MAX_SHOWN = 40;

    private final Json task;
    private final Optional<Json> status;
    private final String framework;
    private final String owner;
    private final List<Exclusion> excluded = new ArrayList<>();

    PortReader(Json task, Optional<Json> status, String framework, String owner) {
        this.task = task;
        this.status = status;
        this.framework = framework;
        this.owner = owner;
    }

    /** What {@link #ports} could not use. */
    List<Exclusion> excluded() {
        return List.copyOf(excluded);
    }

    private void exclude(String port, Exclusion.Reason reason, String detail) {
        excluded.add(new Exclusion(Optional.empty(), owner, TaskReader.taskId(task), port, reason, detail));
    }

    List<TaskPort> ports() {
        List<TaskPort> ports = new ArrayList<>(mappings());
        ports.addAll(ofTaskLabels());
        for (Json port : task.get("discovery").get("ports").get("ports").items()) {
            discovered(port).ifPresent(ports::add);
        }
        return TaskPort.merge(ports);
    }

    private List<TaskPort> mappings() {
        Json container = task.get("container");
        List<TaskPort> ports = new ArrayList<>();
        if (TaskReader.isDocker(task)) {
            addMappings(container.get("docker"), ports);
            return ports;
        }
        Json networks = container.get("network_infos");
        if (!networks.isPresent() && status.isPresent()) {
            networks = status.get().get("container_status").get("network_infos");
        }
        networks.items().forEach(network -> addMappings(network, ports));
        return ports;
    }

    private static void addMappings(Json holder, List<TaskPort> ports) {
        for (Json mapping : holder.get("port_mappings").items()) {
            protocol(mapping)
                    .ifPresent(protocol -> ports.add(new TaskPort(
                            protocol,
                            "",
                            mapping.get("container_port").port(),
                            mapping.get("host_port").port(),
                            List.of())));
        }
    }

    /** A port without a protocol is TCP, as Mesos itself takes it. */
    private static Optional<Protocol> protocol(Json port) {
        Json field = port.get("protocol");
        Optional<String> text = field.text();
        Optional<Protocol> protocol = Protocol.parse(text.orElse("tcp"));
        if (protocol.isEmpty()) {
            field.fault("unknown-protocol", "'" + text.orElse("") + "' is not tcp, udp or sctp; this port is left out");
        }
        return protocol;
    }

    private Optional<TaskPort> discovered(Json port) {
        List<VipLabels.Labelled> vipLabels = new ArrayList<>();
        Set<String> scopes = new HashSet<>();
        for (Json label : port.get("labels").get("labels").items()) {
            String key = label.get("key").text().orElse("");
            if (VipLabel.isVipKey(key)) {
                vipLabels.add(VipLabels.Labelled.of(key, label.get("value")));
            } else if (key.equals("network-scope")) {
                scopes.add(label.get("value").text().orElse(""));
            }
        }
        if (vipLabels.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt number = port.get("number").port();
        String name = port.get("name").text().orElse("");
        String shown = name.isEmpty() ? port.path() : name;
        if (number.isEmpty() || number.getAsInt() == 0) {
            exclude(shown, Exclusion.Reason.NO_PORT, "the port has no number");
            return Optional.empty();
        }
        boolean isHost = scopes.equals(Set.of("host"));
        if (!isHost && !scopes.isEmpty() && !scopes.equals(Set.of("container"))) {
            String detail = "network-scope must be host or container, not " + scopes + "; this port is left out";
            port.get("labels").fault("unknown-scope", detail);
            exclude(shown, Exclusion.Reason.MALFORMED, detail);
            return Optional.empty();
        }
        Optional<Protocol> protocol = protocol(port);
        if (protocol.isEmpty()) {
            exclude(shown, Exclusion.Reason.MALFORMED, "its protocol is not tcp, udp or sctp");
        }
        return protocol.map(known -> new TaskPort(
                known,
                name,
                isHost ? OptionalInt.empty() : number,
                isHost ? number : OptionalInt.empty(),
                vips(vipLabels, known, shown)));
    }

    private List<VipLabel> vips(List<VipLabels.Labelled> labels, Protocol protocol, String port) {
        List<VipLabel> vips = new ArrayList<>();
        for (VipLabels.Asked asked : asked(labels, port)) {
            Json value = asked.label().value();
            asked.label().text().ifPresent(text -> {
                try {
                    vips.add(VipLabel.parse(text, protocol, framework, asked.options()));
                } catch (InvalidVipException e) {
                    value.fault(VipLabel.INVALID, String.valueOf(e.getMessage()));
                    exclude(port, Exclusion.Reason.LABEL, String.valueOf(e.getMessage()));
                }
            });
        }
        return vips;
    }

    private List<VipLabels.Asked> asked(List<VipLabels.Labelled> labels, String port) {
        return VipLabels.of(labels, (place, message) -> {
            place.fault(VipLabels.INVALID_OPTION, message);
            exclude(port, Exclusion.Reason.OPTION, message);
        });
    }

    private List<TaskPort> ofTaskLabels() {
        List<VipLabels.Labelled> indexed = new ArrayList<>();
        for (Json label : task.get("labels").get("labels").items()) {
            String key = label.get("key").text().orElse("");
            if (VipLabel.isPortIndexKey(key)) {
                indexed.add(VipLabels.Labelled.of(key, label.get("value")));
            } else if (VipLabel.isVipKey(key)) {
                String detail = "a task's own label '" + shown(key)
                        + "' gives no VIP; write it at a discovery port, or as vip_portN";
                label.fault("misplaced-label", detail);
                exclude(shown(key), Exclusion.Reason.LABEL, detail);
            }
        }
        List<TaskPort> ports = new ArrayList<>();
        asked(indexed, "").forEach(asked -> ofTaskLabel(asked).ifPresent(ports::add));
        return ports;
    }

    private Optional<TaskPort> ofTaskLabel(VipLabels.Asked asked) {
        String key = asked.label().key();
        Json value = asked.label().value();
        OptionalInt index = VipLabel.portIndex(key);
        OptionalInt hostPort = index.isPresent() ? resourcePort(index.getAsInt()) : OptionalInt.empty();
        if (hostPort.isEmpty()) {
            String detail = "the task has no port for '" + shown(key) + "'; N counts its ports from 0";
            value.fault(VipLabel.INVALID, detail);
            exclude(shown(key), Exclusion.Reason.NO_PORT, detail);
            return Optional.empty();
        }
        try {
            VipLabel vip = VipLabel.parseUrl(asked.label().text().orElse(""), framework, asked.options());
            return Optional.of(new TaskPort(vip.key().protocol(), "", OptionalInt.empty(), hostPort, List.of(vip)));
        } catch (InvalidVipException e) {
            value.fault(VipLabel.INVALID, String.valueOf(e.getMessage()));
            exclude(shown(key), Exclusion.Reason.LABEL, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static String shown(String key) {
        return key.length() <= MAX_SHOWN ? key : key.substring(0, MAX_SHOWN) + "...";
    }

    /** The port at an index of all {@code ports} resources in order; ranges are not spelt out, they may be wide. */
    private OptionalInt resourcePort(int index) {
        int left = index;
        for (Json resource : task.get("resources").items()) {
            if (!resource.get("name").text().orElse("").equals("ports")) {
                continue;
            }
            for (Json range : resource.get("ranges").get("range").items()) {
                OptionalInt begin = range.get("begin").port();
                OptionalInt end = range.get("end").port();
                if (begin.isPresent() && end.isPresent()) {
                    int size = Math.max(0, end.getAsInt() - begin.getAsInt() + 1);
                    if (left < size) {
                        return OptionalInt.of(begin.getAsInt() + left);
                    }
                    left -= size;
                }
            }
        }
        return OptionalInt.empty();
    }
}
