package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.Set;

/**
 * Finds VIP labels that stand where none counts: in {@code portDefinitions} of a bridged app, at the app itself, under a
 * misspelt key. Without this such a label would give nothing, and nobody would be told.
 */
final class UnreadLabels {

    static final String KIND = "misplaced-label";
    static final String PLACES =
            "portDefinitions[].labels with host networking, container.portMappings[].labels with any other,"
                    + " containers[].endpoints[].labels in a pod";

    private final Set<String> placesRead;

    UnreadLabels(Set<String> placesRead) {
        this.placesRead = placesRead;
    }

    void report(Json app) {
        app.forEachField((name, value) -> {
            // Tasks and instances repeat nothing of ours, and there may be many.
            if (!name.equals("tasks") && !name.equals("instances")) {
                visit(name, value);
            }
        });
    }

    private void visit(String name, Json value) {
        if (value.isArray()) {
            value.items().forEach(item -> visit("", item));
        } else if (value.isObject()) {
            if (name.equals("labels") && !placesRead.contains(value.path())) {
                value.forEachField((key, label) -> {
                    if (VipLabel.isVipKey(key)) {
                        label.fault(KIND, "this label gives no VIP here; write it in " + PLACES);
                    }
                });
            }
            value.forEachField(this::visit);
        }
    }
}
