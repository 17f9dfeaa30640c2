package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Drains;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The JSON of what operators drain: {@code {"drains":[{"kind","what","names","by","reason","since"}]}}. */
public final class DrainsJson {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_NAMES = 10_000;

    private DrainsJson() {}

    public static byte[] encode(Drains drains) throws IOException {
        return Json.plain(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("drains");
            for (Drain drain : drains.list()) {
                json.writeStartObject();
                writeFields(drain, json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Into an object that is open, for more fields after them. */
    public static void writeFields(Drain drain, JsonGenerator json) throws IOException {
        json.writeStringField("kind", drain.kind().text());
        json.writeStringField("what", drain.what());
        json.writeArrayFieldStart("names");
        for (String name : drain.names()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeStringField("by", drain.by());
        json.writeStringField("reason", drain.reason());
        json.writeStringField("since", Instant.ofEpochMilli(drain.sinceMillis()).toString());
    }

    /** No octets at all are nothing drained: so the znode is made. */
    public static Drains decode(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return Drains.NONE;
        }
        return Json.readPlain(new ByteArrayInputStream(bytes), MAX_BYTES, json -> {
            Fields fields = new Fields(json);
            List<Drain> drains = List.of();
            for (String field = fields.first(); field != null; field = fields.next()) {
                if (field.equals("drains")) {
                    drains = fields.list(() -> read(fields), MAX_NAMES);
                } else {
                    fields.skip();
                }
            }
            return Drains.of(drains);
        });
    }

    private static Drain read(Fields fields) throws IOException {
        Drain.Kind kind = null;
        String what = null;
        List<String> names = List.of();
        String by = "";
        String reason = "";
        long since = 0;
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "kind" -> kind = kind(fields.text());
                case "what" -> what = fields.text();
                case "names" -> names = fields.list(fields::text, MAX_NAMES);
                case "by" -> by = fields.text();
                case "reason" -> reason = fields.text();
                case "since" -> since = millis(fields.text());
                default -> fields.skip();
            }
        }
        return new Drain(
                Fields.required(kind, "kind"), Fields.required(what, "what"), new TreeSet<>(names), by, reason, since);
    }

    private static Drain.Kind kind(String text) throws BadRecordException {
        return Arrays.stream(Drain.Kind.values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadRecordException("'" + text + "' is no kind of drain"));
    }

    private static long millis(String text) throws BadRecordException {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new BadRecordException("'" + text + "' is no time", e);
        }
    }
}
