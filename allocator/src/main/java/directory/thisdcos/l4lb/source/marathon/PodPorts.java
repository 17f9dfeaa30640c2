package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** The endpoints of a pod that ask for VIPs. A pod runs in Mesos' own containers, never in Docker's. */
final class PodPorts {
    private final PortLabels labels;
    private final boolean hostNetwork;
    private final List<AppPort> withVips = new ArrayList<>();

    PodPorts(Json spec, PortLabels labels) {
        this.labels = labels;
        this.hostNetwork = isHostNetwork(spec);
        for (Json container : spec.get("containers").items()) {
            String name = container.get("name").text().orElse("");
            for (Json endpoint : container.get("endpoints").items()) {
                read(name, endpoint);
            }
        }
    }

    List<AppPort> withVips() {
        return withVips;
    }

    /** What the endpoints of one name in one container have in common with their tasks. */
    static String group(String container, String endpoint) {
        return container + "/" + endpoint;
    }

    /** Without networks a pod is on the host's. */
    private static boolean isHostNetwork(Json spec) {
        List<Json> networks = spec.get("networks").items();
        return networks.isEmpty()
                || networks.stream()
                        .allMatch(network -> network.get("mode")
                                .text()
                                .map(mode -> mode.toLowerCase(Locale.ROOT).equals("host"))
                                .orElse(false));
    }

    private void read(String container, Json endpoint) {
        String name = endpoint.get("name").text().orElse("");
        boolean onHost = hostNetwork || endpoint.get("hostPort").isPresent();
        AppPort port = new AppPort(
                endpoint.path(),
                group(container, name),
                name,
                hostNetwork
                        ? OptionalInt.empty()
                        : endpoint.get("containerPort").port(),
                onHost ? OptionalInt.of(0) : OptionalInt.empty(),
                AppPorts.nonZero(endpoint.get("hostPort").port()),
                labels.of(endpoint));
        if (!port.vips().isEmpty()) {
            withVips.add(port);
        }
    }
}
