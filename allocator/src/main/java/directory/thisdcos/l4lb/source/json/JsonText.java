package directory.thisdcos.l4lb.source.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A document as a tree. Of duplicate keys the last one wins, as with most readers, and each is noted: Jackson can only
 * refuse them or be silent.
 */
public final class JsonText {

    /** A key that stands twice in one object; the place is that of the later one. */
    public record Duplicate(String path, int line, int column) {}

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode root;
    private final List<Duplicate> duplicates;

    private JsonText(JsonNode root, List<Duplicate> duplicates) {
        this.root = root;
        this.duplicates = List.copyOf(duplicates);
    }

    /** Parses one whole document. The exception's message is one line with line and column. */
    public static JsonText parse(byte[] octets) throws MalformedJsonException {
        List<Duplicate> duplicates = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(octets)) {
            if (parser.nextToken() == null) {
                throw new MalformedJsonException(1, 1, "the document is empty");
            }
            JsonNode root = value(parser, JsonPath.ROOT, duplicates);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "text after the end of the document", parser.currentLocation());
            }
            return new JsonText(root, duplicates);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new MalformedJsonException(
                    place == null ? 1 : place.getLineNr(),
                    place == null ? 1 : place.getColumnNr(),
                    e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedJsonException(1, 1, String.valueOf(e.getMessage()));
        }
    }

    /** The document, from which fields are read; faults go to {@code faults}. */
    public Json root(Faults faults) {
        return new Json(root, JsonPath.ROOT, faults);
    }

    public List<Duplicate> duplicates() {
        return duplicates;
    }

    static JsonNode value(JsonParser parser, JsonPath path, List<Duplicate> duplicates) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, duplicates);
            case START_ARRAY -> array(parser, path, duplicates);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? NODES.numberNode(parser.getBigIntegerValue())
                        : NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new JsonParseException(parser, "unexpected " + parser.currentToken());
        };
    }

    private static ObjectNode object(JsonParser parser, JsonPath path, List<Duplicate> duplicates) throws IOException {
        ObjectNode object = NODES.objectNode();
        String name = parser.nextFieldName();
        while (name != null) {
            JsonPath place = path.field(name);
            if (object.has(name)) {
                JsonLocation at = parser.currentTokenLocation();
                duplicates.add(new Duplicate(place.toString(), at.getLineNr(), at.getColumnNr()));
            }
            parser.nextToken();
            object.set(name, value(parser, place, duplicates));
            name = parser.nextFieldName();
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser, JsonPath path, List<Duplicate> duplicates) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path.index(array.size()), duplicates));
        }
        return array;
    }
}
