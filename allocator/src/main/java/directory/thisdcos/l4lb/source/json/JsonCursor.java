package directory.thisdcos.l4lb.source.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Walks through a document that is too large for a tree. It stands at a value; whoever visits it reads the value or
 * leaves it, and what is left is skipped. Of duplicate keys each is visited. For one thread.
 */
public final class JsonCursor implements AutoCloseable {

    /** Visits a value of an object, or of an array (with an empty name). */
    @FunctionalInterface
    public interface Visitor {
        void visit(String name, JsonCursor value) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;

    /** Begins to read a document. */
    public static JsonCursor of(InputStream in) throws IOException {
        JsonParser parser = FACTORY.createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        JsonCursor cursor = new JsonCursor(parser);
        cursor.next();
        return cursor;
    }

    private JsonCursor(JsonParser parser) {
        this.parser = parser;
    }

    /** Whether the exception says that the text is no JSON; any other is a failure to read. */
    public static boolean isMalformed(IOException e) {
        return e instanceof JsonProcessingException;
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new JsonParseException(parser, "the document ends too early");
        }
        return token;
    }

    /** Visits the values of an object; any other value is skipped. */
    public void fields(Visitor visitor) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (next() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            next();
            visitor.visit(name, this);
            // A visitor that read a container stands at its end, where this does nothing.
            parser.skipChildren();
        }
    }

    /** Visits the values of an array; any other value is skipped. */
    public void items(Visitor visitor) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (next() != JsonToken.END_ARRAY) {
            visitor.visit("", this);
            parser.skipChildren();
        }
    }

    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    public boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    public OptionalDouble number() throws IOException {
        return parser.currentToken().isNumeric() ? OptionalDouble.of(parser.getDoubleValue()) : OptionalDouble.empty();
    }

    public String text() throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    }

    /** The value as a tree, of objects only the fields with these names, at any depth. */
    public Json tree(Set<String> names, Faults faults) throws IOException {
        return new Json(node(names), JsonPath.ROOT, faults);
    }

    /**
     * The whole value as a tree; of duplicate keys the last one wins.
     *
     * @param place its place in the paths of faults, such as {@code tasks[my-app.1]}
     */
    public Json tree(String place, Faults faults) throws IOException {
        JsonNode whole = JsonText.value(parser, JsonPath.ROOT, new ArrayList<>());
        return new Json(whole, JsonPath.of(place), faults);
    }

    private JsonNode node(Set<String> names) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (next() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    next();
                    if (names.contains(name)) {
                        object.set(name, node(names));
                    } else {
                        parser.skipChildren();
                    }
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (next() != JsonToken.END_ARRAY) {
                    array.add(node(names));
                }
                yield array;
            }
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

    /** Checks that nothing follows. */
    public void end() throws IOException {
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "text after the end of the document");
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
