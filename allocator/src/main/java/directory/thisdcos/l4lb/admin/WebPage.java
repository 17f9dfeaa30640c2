package directory.thisdcos.l4lb.admin;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The page for people. It holds no data of its own: it asks the API as every client does. */
final class WebPage {
    /** Path → resource and type. */
    static final Map<String, String[]> FILES = Map.of(
            "/", new String[] {"page/index.html", "text/html; charset=utf-8"},
            "/page.css", new String[] {"page/page.css", "text/css; charset=utf-8"},
            "/tables.js", new String[] {"page/tables.js", "text/javascript; charset=utf-8"},
            "/changes.js", new String[] {"page/changes.js", "text/javascript; charset=utf-8"},
            "/plots.js", new String[] {"page/plots.js", "text/javascript; charset=utf-8"},
            "/page.js", new String[] {"page/page.js", "text/javascript; charset=utf-8"});

    /** Nothing from elsewhere, and nobody may frame it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private WebPage() {}

    static void register(RoutesConfig routes) {
        FILES.forEach((path, file) -> {
            byte[] content = read(file[0]);
            EntityTag tag = EntityTag.of(content);
            routes.get(path, context -> {
                context.header("Content-Security-Policy", POLICY);
                context.header("X-Content-Type-Options", "nosniff");
                context.header("Referrer-Policy", "no-referrer");
                context.header("Cache-Control", "no-cache");
                if (!tag.isKnownTo(context)) {
                    context.contentType(file[1]).result(content);
                }
            });
        });
    }

    private static byte[] read(String file) {
        try (InputStream in = WebPage.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
