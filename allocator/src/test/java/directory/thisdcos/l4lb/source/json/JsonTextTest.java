package directory.thisdcos.l4lb.source.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

    private static JsonText parse(String text) throws MalformedJsonException {
        return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~               | line 1, column 1:",
                "{\"a\":          | line 1, column ",
                "{\"a\":1} x      | line 1, column ",
                "{\"a\":*}        | line 1, column 6:",
                "[1 2]            | line 1, column 4:",
                "\"a\": [1]       | line 1, column 4:"
            })
    void malformedTextNamesThePlace(String text, String message) {
        String found = String.valueOf(
                assertThrows(MalformedJsonException.class, () -> parse(text)).getMessage());
        assertTrue(found.startsWith(message), found);
        assertTrue(found.indexOf('\n') < 0, found);
    }

    @Test
    void nestingIsBounded() {
        assertThrows(MalformedJsonException.class, () -> parse("[".repeat(100_000)));
    }

    @Test
    void duplicateKeysAreNotedAndTheLastWins() throws MalformedJsonException {
        JsonText text = parse("{\"a\":[{\"b.c\":1,\n\"b.c\":2}]}");
        assertEquals(List.of(new JsonText.Duplicate("a[0][\"b.c\"]", 2, 1)), text.duplicates());
        Json value =
                text.root((kind, path, message) -> {}).get("a").items().get(0).get("b.c");
        assertEquals(2, value.port().orElseThrow());
    }

    @Test
    void wrongTypesAreReportedOnceAndReadAsNothing() throws MalformedJsonException {
        List<String> faults = new ArrayList<>();
        Json root = parse("{\"n\":null,\"t\":5,\"p\":70000,\"o\":[]}")
                .root((kind, path, message) -> faults.add(path + " " + message));
        assertTrue(root.get("n").text().isEmpty());
        assertTrue(root.get("absent").get("deeper").items().isEmpty());
        assertTrue(root.get("t").text().isEmpty());
        assertTrue(root.get("p").port().isEmpty());
        assertTrue(root.get("o").get("x").get("y").text().isEmpty());
        assertEquals(
                List.of(
                        "t expected a string, found 5",
                        "p expected a port number from 0 to 65535, found 70000",
                        "o expected an object, found an array"),
                faults);
    }
}
