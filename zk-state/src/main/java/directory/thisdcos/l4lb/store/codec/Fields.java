package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the JSON of one record. An object is read as {@code for (String field = first(); field != null; field =
 * next())}; within the loop the parser stands at the field's value, which is read by one of the typed methods or passed
 * over by {@link #skip}.
 */
final class Fields {
    private final JsonParser json;

    /** Texts that repeat in every backend, such as the source's name: one copy each keeps a large table small. */
    private final SharedValues shared;

    /** Reads the value at which the parser stands. */
    interface Element<T> {
        T read() throws IOException;
    }

    Fields(JsonParser json) {
        this(json, new SharedValues());
    }

    Fields(JsonParser json, SharedValues shared) {
        this.json = json;
        this.shared = shared;
    }

    /** Enters the object at which the parser stands; null if it is empty. */
    @Nullable String first() throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        return next();
    }

    /** The next field's name, or null at the object's end. */
    @Nullable String next() throws IOException {
        if (json.nextToken() == JsonToken.END_OBJECT) {
            return null;
        }
        String field = json.currentName();
        json.nextToken();
        return field;
    }

    void skip() throws IOException {
        json.skipChildren();
    }

    String text() throws IOException {
        expect(json.currentToken(), JsonToken.VALUE_STRING);
        return json.getText();
    }

    String sharedText() throws IOException {
        return shared.text(text());
    }

    long number() throws IOException {
        expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
        return json.getLongValue();
    }

    int smallNumber() throws IOException {
        expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    boolean truth() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_TRUE) {
            return true;
        }
        expect(json.currentToken(), JsonToken.VALUE_FALSE);
        return false;
    }

    /** A 64-bit value in hexadecimal: JSON numbers beyond 2^53 do not survive every tool. */
    long hex() throws IOException {
        String text = text();
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new BadRecordException("'" + text + "' is not a hexadecimal number of 64 bits", e);
        }
    }

    <T> List<T> list(Element<T> element, int max) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        List<T> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (list.size() == max) {
                throw new BadRecordException("a list holds more than " + max + " elements");
            }
            list.add(element.read());
        }
        return list;
    }

    private static void expect(@Nullable JsonToken found, JsonToken wanted) throws BadRecordException {
        if (found != wanted) {
            throw new BadRecordException("found " + found + " where " + wanted + " belongs");
        }
    }

    static <T> T required(@Nullable T value, String field) throws BadRecordException {
        if (value == null) {
            throw new BadRecordException("the field '" + field + "' is missing");
        }
        return value;
    }
}
