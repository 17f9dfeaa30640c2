package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A JSON object in a request, read strictly: each fault is an {@link ApiException} that names the field. */
final class RequestBody {
    private static final int MAX_TEXT = 256;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;
    private final String path;

    private RequestBody(JsonNode object, String path, Set<String> known) {
        this.object = object;
        this.path = path;
        if (!object.isObject()) {
            throw wrong(path, "give a JSON object");
        }
        Iterator<String> names = object.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!known.contains(name)) {
                throw wrong(
                        place(name),
                        "unknown field; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** No body at all is an empty object. */
    static RequestBody read(byte[] bytes, Set<String> known) {
        try {
            return new RequestBody(bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes), "", known);
        } catch (JsonProcessingException e) {
            throw wrong("", "the body is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new AssertionError("reading from memory does not fail", e);
        }
    }

    static ApiException wrong(String field, String message) {
        return new ApiException(400, "wrong request", field, (field.isEmpty() ? "" : field + ": ") + message);
    }

    private String place(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Optional<String> text(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.asText().length() > MAX_TEXT) {
            throw wrong(place(name), "give a text of at most " + MAX_TEXT + " characters");
        }
        return Optional.of(value.asText());
    }

    Optional<Ip> ip(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                Ip.parse(text.get()).orElseThrow(() -> wrong(place(name), "'" + text.get() + "' is no IP address")));
    }

    /** The objects of an array. */
    List<RequestBody> objects(String name, Set<String> known) {
        JsonNode array = object.path(name);
        if (!array.isArray()) {
            throw wrong(place(name), "give an array");
        }
        List<RequestBody> objects = new ArrayList<>();
        for (JsonNode element : array) {
            objects.add(new RequestBody(element, place(name) + "[" + objects.size() + "]", known));
        }
        return objects;
    }

    /** For messages. */
    String path() {
        return path;
    }
}
