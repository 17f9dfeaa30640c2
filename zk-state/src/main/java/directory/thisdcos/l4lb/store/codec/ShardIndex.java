package directory.thisdcos.l4lb.store.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * What stands in place of a shard that is in parts.
 *
 * @param set which of the two sets of parts it is, 0 or 1
 * @param parts how many there are
 */
public record ShardIndex(int set, int parts) {
    private static final int MAX_BYTES = 1024;
    private static final int MAX_PARTS = 1024;

    public byte[] encode() throws IOException {
        return Json.plain(json -> {
            json.writeStartObject();
            json.writeNumberField("set", set);
            json.writeNumberField("parts", parts);
            json.writeEndObject();
        });
    }

    /** Empty for the octets of a shard, which are compressed or none. */
    public static Optional<ShardIndex> decode(byte[] bytes) throws IOException {
        if (bytes.length == 0 || bytes[0] != '{') {
            return Optional.empty();
        }
        return Optional.of(Json.readPlain(new ByteArrayInputStream(bytes), MAX_BYTES, json -> {
            Fields fields = new Fields(json);
            int set = 0;
            int parts = 0;
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "set" -> set = fields.smallNumber();
                    case "parts" -> parts = fields.smallNumber();
                    default -> fields.skip();
                }
            }
            if (set < 0 || set > 1 || parts < 1 || parts > MAX_PARTS) {
                throw new BadRecordException("set " + set + " with " + parts + " parts");
            }
            return new ShardIndex(set, parts);
        }));
    }
}
