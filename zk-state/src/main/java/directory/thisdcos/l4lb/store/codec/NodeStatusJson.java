package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.NodeStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The JSON of a node's status, in its znode and in the API. */
public final class NodeStatusJson {
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_ADDRESSES = 10_000;

    private NodeStatusJson() {}

    public static byte[] encode(NodeStatus status) throws IOException {
        return Json.plain(json -> write(status, json));
    }

    public static void write(NodeStatus status, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeFields(status, json);
        json.writeEndObject();
    }

    /** Into an object that is open, for more fields after them. */
    public static void writeFields(NodeStatus status, JsonGenerator json) throws IOException {
        json.writeStringField("id", status.id());
        addresses("addresses", status.addresses(), json);
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> attribute : status.attributes().entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
        }
        json.writeEndObject();
        json.writeStringField("version", status.version());
        json.writeStringField("started", status.started().toString());
        table(status.table(), json);
        part("dns", status.dns(), json);
        part("ipvs", status.ipvs(), json);
        if (status.probe().isPresent()) {
            json.writeStringField("probe", status.probe().get().toString());
        }
        addresses("unreachable", status.unreachable(), json);
    }

    private static void table(NodeStatus.Table table, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("table");
        json.writeStringField("cluster", table.cluster());
        json.writeNumberField("epoch", table.epoch());
        json.writeNumberField("seq", table.seq());
        json.writeStringField("hash", Long.toHexString(table.hash()));
        json.writeBooleanField("stale", table.stale());
        json.writeNumberField("age_ms", table.age().toMillis());
        json.writeNumberField("divergences", table.divergences());
        json.writeEndObject();
    }

    private static void part(String field, NodeStatus.Part part, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeBooleanField("ok", part.ok());
        json.writeStringField("mode", part.mode());
        json.writeStringField("detail", part.detail());
        json.writeEndObject();
    }

    private static void addresses(String field, Collection<Ip> addresses, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (Ip address : addresses) {
            json.writeString(address.toString());
        }
        json.writeEndArray();
    }

    public static NodeStatus decode(byte[] bytes) throws IOException {
        return Json.readPlain(new ByteArrayInputStream(bytes), MAX_BYTES, json -> read(json, new Fields(json)));
    }

    private static NodeStatus read(JsonParser json, Fields fields) throws IOException {
        String id = null;
        List<Ip> addresses = List.of();
        SortedMap<String, String> attributes = new TreeMap<>();
        String version = "";
        Instant started = Instant.EPOCH;
        NodeStatus.Table table = null;
        NodeStatus.Part unknown = new NodeStatus.Part(false, "unknown", "");
        NodeStatus.Part dns = unknown;
        NodeStatus.Part ipvs = unknown;
        Optional<Endpoint> probe = Optional.empty();
        List<Ip> unreachable = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "id" -> id = fields.text();
                case "addresses" -> addresses = fields.list(() -> Ip.of(fields.text()), MAX_ADDRESSES);
                case "attributes" -> {
                    for (String key = fields.first(); key != null; key = fields.next()) {
                        attributes.put(key, fields.text());
                    }
                }
                case "version" -> version = fields.text();
                case "started" -> started = instant(fields.text());
                case "table" -> table = readTable(json, fields);
                case "dns" -> dns = readPart(json, fields);
                case "ipvs" -> ipvs = readPart(json, fields);
                case "probe" -> probe = Optional.of(endpoint(fields.text()));
                case "unreachable" -> unreachable = fields.list(() -> Ip.of(fields.text()), MAX_ADDRESSES);
                default -> fields.skip();
            }
        }
        return new NodeStatus(
                Fields.required(id, "id"),
                addresses,
                attributes,
                version,
                started,
                Fields.required(table, "table"),
                dns,
                ipvs,
                probe,
                new TreeSet<>(unreachable));
    }

    private static Endpoint endpoint(String text) throws BadRecordException {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadRecordException("'" + text + "' is no address with a port", e);
        }
    }

    private static Instant instant(String text) throws BadRecordException {
        try {
            return Instant.parse(text);
        } catch (java.time.format.DateTimeParseException e) {
            throw new BadRecordException("'" + text + "' is no time", e);
        }
    }

    private static NodeStatus.Table readTable(JsonParser json, Fields fields) throws IOException {
        String cluster = "";
        long epoch = 0;
        long seq = 0;
        long hash = 0;
        boolean stale = true;
        long age = 0;
        long divergences = 0;
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "cluster" -> cluster = fields.text();
                case "epoch" -> epoch = fields.number();
                case "seq" -> seq = fields.number();
                case "hash" -> hash = fields.hex();
                case "stale" -> stale = json.getBooleanValue();
                case "age_ms" -> age = fields.number();
                case "divergences" -> divergences = fields.number();
                default -> fields.skip();
            }
        }
        return new NodeStatus.Table(cluster, epoch, seq, hash, stale, Duration.ofMillis(age), divergences);
    }

    private static NodeStatus.Part readPart(JsonParser json, Fields fields) throws IOException {
        boolean ok = false;
        String mode = "";
        String detail = "";
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "ok" -> ok = json.getBooleanValue();
                case "mode" -> mode = fields.text();
                case "detail" -> detail = fields.text();
                default -> fields.skip();
            }
        }
        return new NodeStatus.Part(ok, mode, detail);
    }
}
