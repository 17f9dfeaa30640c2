package directory.thisdcos.l4lb.source.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A small document kept for later: a tenth of the memory of its tree. Equal texts are equal. */
public final class JsonOctets {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final byte[] octets;

    private JsonOctets(byte[] octets) {
        this.octets = octets;
    }

    public static JsonOctets of(Json json) {
        try {
            return new JsonOctets(MAPPER.writeValueAsBytes(json.node()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document again; faults go to {@code faults}. */
    public Json read(Faults faults) {
        try {
            JsonNode node = MAPPER.readTree(octets);
            return new Json(node, JsonPath.ROOT, faults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonOctets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }
}
