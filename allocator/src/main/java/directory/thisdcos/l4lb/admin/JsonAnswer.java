package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A JSON body that is written as it is made: a table of 100,000 names is not held a second time. */
final class JsonAnswer {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes one JSON value. */
    interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    private JsonAnswer() {}

    /** For what is small, and has a tag. */
    static byte[] bytes(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            body.write(out);
            out.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    static void write(Context context, Body body) throws IOException {
        context.contentType("application/json");
        try (JsonGenerator out = JSON.createGenerator(context.outputStream())) {
            body.write(out);
            out.writeRaw('\n');
        }
    }
}
