package directory.thisdcos.l4lb.source.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/**
 * A place in a document. Absent and {@code null} read as nothing; a value of the wrong type is reported and reads as
 * nothing too.
 */
public final class Json {
    private final JsonNode node;
    private final JsonPath path;
    private final Faults faults;

    Json(JsonNode node, JsonPath path, Faults faults) {
        this.node = node;
        this.path = path;
        this.faults = faults;
    }

    /** The same place, with another taker of faults. */
    public Json reportingTo(Faults other) {
        return new Json(node, path, other);
    }

    JsonNode node() {
        return node;
    }

    /** An object with one field replaced or added; other values stay as they are. */
    public Json with(String name, Json value) {
        if (!(node instanceof ObjectNode object)) {
            return this;
        }
        ObjectNode changed = JsonNodeFactory.instance.objectNode();
        changed.setAll(object);
        changed.set(name, value.node);
        return new Json(changed, path, faults);
    }

    /** An object without one of its fields; other values stay as they are. */
    public Json without(String name) {
        if (!(node instanceof ObjectNode object) || !object.has(name)) {
            return this;
        }
        ObjectNode changed = JsonNodeFactory.instance.objectNode();
        changed.setAll(object);
        changed.remove(name);
        return new Json(changed, path, faults);
    }

    /** An array of one element. */
    public Json inArray() {
        return new Json(JsonNodeFactory.instance.arrayNode().add(node), path, faults);
    }

    /** An object of these fields, each at the place where it was read. */
    public static Json object(Map<String, Json> fields, Faults faults) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, value) -> object.set(name, value.node));
        return new Json(object, JsonPath.ROOT, faults);
    }

    /** The same value at another place. */
    public Json at(String place) {
        return new Json(node, JsonPath.of(place), faults);
    }

    /** A text that stands by itself. */
    public static Json of(String text) {
        return new Json(JsonNodeFactory.instance.textNode(text), JsonPath.ROOT, (kind, path, message) -> {});
    }

    public String path() {
        return path.toString();
    }

    public void fault(String kind, String message) {
        faults.add(kind, path.toString(), message);
    }

    public boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    public boolean isObject() {
        return node.isObject();
    }

    public boolean isArray() {
        return node.isArray();
    }

    /** Whether the object has the key at all, be it with the value {@code null}. */
    public boolean has(String name) {
        return node.has(name);
    }

    public Json get(String name) {
        if (isPresent() && !node.isObject()) {
            wrongType("an object");
            return new Json(MissingNode.getInstance(), path.field(name), (kind, place, message) -> {});
        }
        JsonNode child = node.get(name);
        return new Json(child == null ? MissingNode.getInstance() : child, path.field(name), faults);
    }

    /** The elements of an array. */
    public List<Json> items() {
        if (!isPresent()) {
            return List.of();
        }
        if (!node.isArray()) {
            wrongType("an array");
            return List.of();
        }
        List<Json> items = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new Json(node.get(i), path.index(i), faults));
        }
        return items;
    }

    /** Calls {@code visitor} with each key and value of an object. */
    public void forEachField(BiConsumer<String, Json> visitor) {
        if (!isPresent()) {
            return;
        }
        if (!node.isObject()) {
            wrongType("an object");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            visitor.accept(entry.getKey(), new Json(entry.getValue(), path.field(entry.getKey()), faults));
        }
    }

    public Optional<String> text() {
        if (isPresent() && !node.isTextual()) {
            wrongType("a string");
        }
        return Optional.ofNullable(node.textValue());
    }

    /** A text, number or truth value as text; empty for anything else. */
    public Optional<String> scalar() {
        return node.isTextual() || node.isNumber() || node.isBoolean() ? Optional.of(node.asText()) : Optional.empty();
    }

    public Optional<Boolean> bool() {
        if (isPresent() && !node.isBoolean()) {
            wrongType("true or false");
        }
        return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
    }

    public OptionalDouble number() {
        if (isPresent() && !node.isNumber()) {
            wrongType("a number");
        }
        return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
    }

    /** A port number, 0 to 65535. */
    public OptionalInt port() {
        if (!isPresent()) {
            return OptionalInt.empty();
        }
        boolean whole = node.isIntegralNumber() && node.canConvertToInt();
        if (!whole || node.intValue() < 0 || node.intValue() > 65535) {
            wrongType("a port number from 0 to 65535");
            return OptionalInt.empty();
        }
        return OptionalInt.of(node.intValue());
    }

    private void wrongType(String wanted) {
        String found = node.isContainerNode() ? (node.isArray() ? "an array" : "an object") : node.toString();
        fault(Faults.WRONG_TYPE, "expected " + wanted + ", found " + abbreviate(found));
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
