package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The ports of one app. Marathon uses {@code portDefinitions} with host networking and port mappings with every other;
 * labels in the ones that do not apply give no VIP.
 */
final class AppPorts {
    private final Json app;
    private final AppNetwork network;
    private final PortLabels labels;
    private final List<AppPort> withVips = new ArrayList<>();

    AppPorts(Json app, AppNetwork network, PortLabels labels) {
        this.app = app;
        this.network = network;
        this.labels = labels;
        List<AppPort> all = network.mode() == AppNetwork.Mode.HOST ? definitions() : mappings();
        all.stream().filter(port -> !port.vips().isEmpty()).forEach(withVips::add);
        List<AppPort> onHost = all.stream().filter(AppPort::isOnHost).toList();
        withVips.addAll(labels.ofApp(app.get("labels"), onHost));
    }

    List<AppPort> withVips() {
        return withVips;
    }

    private List<AppPort> definitions() {
        List<AppPort> ports = new ArrayList<>();
        boolean fixed = app.get("requirePorts").bool().orElse(false);
        Json definitions = app.get("portDefinitions");
        if (definitions.isPresent()) {
            for (Json definition : definitions.items()) {
                OptionalInt hostPort = fixed ? nonZero(definition.get("port").port()) : OptionalInt.empty();
                ports.add(hostPort(definition, ports.size(), hostPort));
            }
            return ports;
        }
        for (Json number : app.get("ports").items()) {
            OptionalInt hostPort = fixed ? nonZero(number.port()) : OptionalInt.empty();
            ports.add(unnamed(number, ports.size(), hostPort));
        }
        if (!app.get("ports").isPresent()) {
            // Marathon gives an app that declares nothing one port.
            ports.add(unnamed(app.get("ports"), 0, OptionalInt.empty()));
        }
        return ports;
    }

    private static AppPort unnamed(Json number, int index, OptionalInt hostPort) {
        return new AppPort(number.path(), "", "", OptionalInt.empty(), OptionalInt.of(index), hostPort, List.of());
    }

    private AppPort hostPort(Json definition, int index, OptionalInt hostPort) {
        return new AppPort(
                definition.path(),
                "",
                definition.get("name").text().orElse(""),
                OptionalInt.empty(),
                OptionalInt.of(index),
                hostPort,
                labels.of(definition));
    }

    private List<AppPort> mappings() {
        List<AppPort> ports = new ArrayList<>();
        int index = 0;
        for (Json mapping : mappingList()) {
            Json hostField = mapping.get("hostPort");
            // Marathon gives every mapping of a bridge a port on the host, asked for or not.
            boolean onHost = hostField.isPresent() || network.mode() == AppNetwork.Mode.BRIDGE;
            ports.add(new AppPort(
                    mapping.path(),
                    "",
                    mapping.get("name").text().orElse(""),
                    mapping.get(mapping.has("number") ? "number" : "containerPort")
                            .port(),
                    onHost ? OptionalInt.of(index++) : OptionalInt.empty(),
                    nonZero(hostField.port()),
                    labels.of(mapping)));
        }
        return ports;
    }

    private List<Json> mappingList() {
        Json container = app.get("container");
        List<Json> mappings = container.get("portMappings").items();
        if (mappings.isEmpty()) {
            mappings = container.get("docker").get("portMappings").items();
        }
        if (mappings.isEmpty() && network.mode() == AppNetwork.Mode.CONTAINER) {
            mappings = app.get("ipAddress").get("discovery").get("ports").items();
        }
        return mappings;
    }

    static OptionalInt nonZero(OptionalInt port) {
        return port.isPresent() && port.getAsInt() == 0 ? OptionalInt.empty() : port;
    }
}
