package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.json.Json;
import java.util.List;
import java.util.Locale;

/**
 * How an app is networked, which decides where its ports are declared.
 *
 * @param dockerEngine whether the Docker daemon runs it: then a packet that its own node rewrote to the container's
 *     address could not come back (a container could not reach its own VIP)
 */
record AppNetwork(Mode mode, boolean dockerEngine) {

    enum Mode {
        HOST("host"),
        BRIDGE("container/bridge"),
        CONTAINER("container");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static AppNetwork of(Json app) {
        Json container = app.get("container");
        String type = container.get("type").text().orElse("");
        Json legacy = container.get("docker").get("network");
        // Before 1.5 Marathon had this field, and DOCKER was the default type.
        boolean docker = type.isEmpty() ? legacy.isPresent() : type.equalsIgnoreCase("DOCKER");
        return new AppNetwork(mode(app, legacy), docker);
    }

    private static Mode mode(Json app, Json legacy) {
        List<Json> networks = app.get("networks").items();
        if (!networks.isEmpty()) {
            return modern(networks.get(0).get("mode"));
        }
        if (legacy.isPresent()) {
            return legacy(legacy);
        }
        boolean hasMappings = !app.get("container").get("portMappings").items().isEmpty();
        return hasMappings || app.get("ipAddress").isPresent() ? Mode.CONTAINER : Mode.HOST;
    }

    private static Mode modern(Json mode) {
        String text = mode.text().orElse(Mode.CONTAINER.text());
        for (Mode known : Mode.values()) {
            if (known.text().equalsIgnoreCase(text)) {
                return known;
            }
        }
        mode.fault("unknown-network", "'" + text + "' is not host, container or container/bridge; taken as container");
        return Mode.CONTAINER;
    }

    private static Mode legacy(Json network) {
        String text = network.text().orElse("HOST").toUpperCase(Locale.ROOT);
        return switch (text) {
            case "HOST", "NONE" -> Mode.HOST;
            case "BRIDGE" -> Mode.BRIDGE;
            case "USER" -> Mode.CONTAINER;
            default -> {
                network.fault("unknown-network", "'" + text + "' is not HOST, BRIDGE, USER or NONE; taken as USER");
                yield Mode.CONTAINER;
            }
        };
    }
}
