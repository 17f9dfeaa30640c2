package directory.thisdcos.l4lb.source.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {

    private static JsonCursor at(String json) throws IOException {
        return JsonCursor.of(new ByteArrayInputStream(json.replace('\'', '"').getBytes(UTF_8)));
    }

    @Test
    void whatIsNotVisitedIsSkipped() throws IOException {
        List<String> seen = new ArrayList<>();
        try (JsonCursor cursor = at("{'a':{'x':[1,{'y':2}]},'b':[1,[2],{'c':3},'t'],'d':7,'e':'end'}")) {
            cursor.fields((name, value) -> {
                seen.add(name);
                switch (name) {
                    case "b" -> value.items((none, item) -> seen.add(item.text() + item.number()));
                    case "d" -> value.fields((none, item) -> seen.add("never"));
                    case "e" -> seen.add(value.text());
                    default -> {}
                }
            });
            cursor.end();
        }
        assertEquals(
                List.of(
                        "a",
                        "b",
                        "OptionalDouble[1.0]",
                        "OptionalDouble.empty",
                        "OptionalDouble.empty",
                        "tOptionalDouble.empty",
                        "d",
                        "e",
                        "end"),
                seen);
    }

    @Test
    void aTreeHasOnlyTheFieldsAskedFor() throws IOException {
        try (JsonCursor cursor = at("{'a':{'b':1,'x':{'a':2}},'c':[{'a':3},{'x':4}],'x':[[[]]]}")) {
            Json tree = cursor.tree(Set.of("a", "b", "c"), (kind, path, message) -> {});
            cursor.end();
            assertEquals("{\"a\":{\"b\":1},\"c\":[{\"a\":3},{}]}", tree.node().toString());
        }
    }

    @Test
    void octetsGiveTheTreeBack() throws IOException {
        try (JsonCursor cursor = at("{'a':'ü','b':[1.5,true,null]}")) {
            Json tree = cursor.tree(Set.of("a", "b"), (kind, path, message) -> {});
            Json again = JsonOctets.of(tree).read((kind, path, message) -> {});
            assertEquals(tree.node(), again.node());
            assertEquals(JsonOctets.of(tree), JsonOctets.of(again));
            assertEquals("v", again.with("a", Json.of("v")).get("a").text().orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{'a':", "{'a':[1,", "{'a':tru}", "{'a':1}}", "[1,2", "garbage"})
    void malformedTextIsSaidToBeSo(String json) {
        IOException e = assertThrows(IOException.class, () -> {
            try (JsonCursor cursor = at(json)) {
                cursor.fields((name, value) -> value.items((none, item) -> {}));
                cursor.end();
            }
        });
        assertTrue(JsonCursor.isMalformed(e), e::toString);
    }
}
