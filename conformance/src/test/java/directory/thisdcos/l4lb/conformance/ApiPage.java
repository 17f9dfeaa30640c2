package directory.thisdcos.l4lb.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code docs/api-reference.md}, made from the API's description. */
final class ApiPage {
    private final JsonNode api;
    private final StringBuilder out = new StringBuilder();

    private ApiPage(JsonNode api) {
        this.api = api;
    }

    static String of(JsonNode api) {
        ApiPage page = new ApiPage(api);
        page.write();
        return page.out.toString();
    }

    private void write() {
        line("# API reference");
        line("");
        line("Made from `GET /openapi.json`; a test compares. What holds for all paths is in [api.md](api.md).");
        line("An error is a `Problem` with any status from 400 on.");
        Map<String, JsonNode> paths = new TreeMap<>();
        api.path("paths").properties().forEach(path -> paths.put(path.getKey(), path.getValue()));
        paths.forEach((path, methods) -> methods.properties()
                .forEach(method -> operation(method.getKey().toUpperCase(Locale.ROOT), path, method.getValue())));
        line("");
        line("## Values");
        api.path("components")
                .path("schemas")
                .properties()
                .forEach(schema -> value(schema.getKey(), schema.getValue()));
    }

    private void operation(String method, String path, JsonNode operation) {
        line("");
        line("## `" + method + " " + path + "`");
        line("");
        line(operation.path("summary").asText());
        if (!operation.path("parameters").isEmpty()) {
            line("");
            line("| parameter | in | meaning |");
            line("|---|---|---|");
            for (JsonNode parameter : operation.path("parameters")) {
                boolean isNeeded = parameter.path("required").asBoolean()
                        && !parameter.path("in").asText().equals("path");
                line("| `" + parameter.path("name").asText() + "` | "
                        + parameter.path("in").asText() + (isNeeded ? ", needed" : "") + " | "
                        + cell(parameter.path("description").asText())
                        + values(parameter.path("schema")) + " |");
            }
        }
        JsonNode body = operation.path("requestBody").path("content");
        if (!body.isMissingNode()) {
            line("");
            line("Body: " + contents(body) + ".");
        }
        line("");
        line("| status | answer |");
        line("|---|---|");
        operation.path("responses").properties().forEach(response -> {
            if (!response.getKey().equals("default")) {
                String content = contents(response.getValue().path("content"));
                line("| " + response.getKey() + " | "
                        + (content.isEmpty()
                                ? cell(response.getValue().path("description").asText())
                                : content) + " |");
            }
        });
    }

    private static String contents(JsonNode content) {
        List<String> all = new ArrayList<>();
        content.properties().forEach(one -> {
            String type = type(one.getValue().path("schema"));
            all.add(type.equals("string") ? "`" + one.getKey() + "`" : type);
        });
        return String.join(" or ", all);
    }

    private void value(String name, JsonNode schema) {
        line("");
        line("### " + name);
        line("");
        if (schema.has("description")) {
            line(cell(schema.path("description").asText()));
            line("");
        }
        if (!schema.has("properties")) {
            line("Of type " + type(schema) + ".");
            return;
        }
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(field -> required.add(field.asText()));
        line("| field | type | meaning |");
        line("|---|---|---|");
        schema.path("properties").properties().forEach(field -> {
            String meaning = cell(field.getValue().path("description").asText()) + values(field.getValue());
            line("| `" + field.getKey() + "`" + (required.contains(field.getKey()) ? "" : " (optional)") + " | "
                    + type(field.getValue()) + " | " + meaning + " |");
        });
    }

    private static String values(JsonNode schema) {
        List<String> values = new ArrayList<>();
        schema.path("enum").forEach(value -> values.add("`" + value.asText() + "`"));
        return values.isEmpty() ? "" : " (" + String.join(", ", values) + ")";
    }

    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().replaceFirst(".*/", "");
            return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
        }
        for (String choice : Set.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                List<String> types = new ArrayList<>();
                schema.path(choice).forEach(one -> types.add(type(one)));
                return String.join(" or ", types);
            }
        }
        if (schema.path("type").isArray()) {
            List<String> types = new ArrayList<>();
            schema.path("type").forEach(one -> types.add(one.asText()));
            return String.join(" or ", types);
        }
        if (schema.path("type").asText().equals("array")) {
            return "list of " + type(schema.path("items"));
        }
        return schema.path("type").asText("any");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }
}
