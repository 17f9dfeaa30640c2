package directory.thisdcos.l4lb.source.api;

import directory.thisdcos.l4lb.model.BalancingOption;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a {@link ServiceDocument} that say how its service is balanced. */
final class BalancingFields {

    private BalancingFields() {}

    /** Unlike in labels, where each costs only itself, one that is wrong or does not fit the others refuses all. */
    static BalancingOptions read(Json document, ServiceKey key) throws InvalidDocumentException {
        Map<BalancingOption, String> values = new EnumMap<>(BalancingOption.class);
        for (BalancingOption option : BalancingOption.values()) {
            Json field = document.get(option.field());
            if (field.isPresent()) {
                values.put(option, value(option, field));
            }
        }
        if (values.isEmpty()) {
            return BalancingOptions.NONE;
        }
        BalancingOptions options = new BalancingOptions(values);
        List<String> faults = new ArrayList<>();
        options.over(BalancingOptions.NONE, key, faults);
        if (!faults.isEmpty()) {
            String fault = faults.get(0);
            throw new InvalidDocumentException(fault.substring(0, fault.indexOf(' ')), fault);
        }
        return options;
    }

    private static String value(BalancingOption option, Json field) throws InvalidDocumentException {
        Optional<String> text = field.scalar();
        try {
            return option.canonical(
                    text.orElseThrow(() -> new IllegalArgumentException("is no text, number or truth")));
        } catch (IllegalArgumentException e) {
            throw new InvalidDocumentException(field.path(), String.valueOf(e.getMessage()));
        }
    }
}
