package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Cause;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The JSON of a batch's causes. Releases that do not know them pass them over. */
final class CauseJson {
    /** Most causes of one batch: orders that came while the batch before was written. */
    private static final int MAX_CAUSES = 50;

    private CauseJson() {}

    static void write(JsonGenerator json, List<Cause> causes) throws IOException {
        if (causes.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("causes");
        for (Cause cause : causes.subList(0, Math.min(MAX_CAUSES, causes.size()))) {
            json.writeStartObject();
            json.writeStringField("who", cause.who());
            json.writeStringField("why", cause.why());
            json.writeArrayFieldStart("targets");
            for (String target : cause.targets()) {
                json.writeString(target);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static List<Cause> read(ModelReader model) throws IOException {
        return model.fields().list(() -> cause(model), MAX_CAUSES);
    }

    private static Cause cause(ModelReader model) throws IOException {
        Fields fields = model.fields();
        String who = "";
        String why = "";
        Set<String> targets = Set.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "who" -> who = fields.text();
                case "why" -> why = fields.text();
                case "targets" -> targets = new HashSet<>(fields.list(fields::text, Cause.MAX_TARGETS));
                default -> fields.skip();
            }
        }
        return new Cause(who, why, targets);
    }
}
