package directory.thisdcos.l4lb.admin;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The API's description, which a test compares with what the server answers. */
final class OpenApi {
    private static final String DOCUMENT = "openapi.json";

    private OpenApi() {}

    static void register(RoutesConfig routes) {
        byte[] document = read();
        routes.get(
                "/openapi.json",
                context -> context.contentType("application/json").result(document));
    }

    private static byte[] read() {
        try (InputStream document = OpenApi.class.getResourceAsStream(DOCUMENT)) {
            if (document == null) {
                throw new IllegalStateException(DOCUMENT + " is not in the program");
            }
            return document.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
