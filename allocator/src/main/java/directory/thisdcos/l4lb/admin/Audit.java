package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.Cause;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line for each order to change something: who, from where, what, the outcome, and how it was and is. */
final class Audit {
    private static final Logger log = LoggerFactory.getLogger("directory.thisdcos.l4lb.audit");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String BEFORE = "l4lb.before";
    private static final String AFTER = "l4lb.after";

    /** Characters of a value; a service with many backends would fill the log. */
    private static final int MAX_VALUE = 2_000;

    private Audit() {}

    /** Notes how what the request changes was, and is: JSON, or empty for nothing. */
    static void changed(Context context, Optional<byte[]> before, Optional<byte[]> after) {
        context.attribute(BEFORE, text(before));
        context.attribute(AFTER, text(after));
    }

    /** Who asks, and for what. */
    static Cause cause(Context context) {
        return new Cause(Gate.caller(context).name(), what(context));
    }

    private static String what(Context context) {
        String query = context.queryString();
        return context.method().name() + " " + context.path() + (query == null ? "" : "?" + query);
    }

    private static String text(Optional<byte[]> value) {
        String text = value.map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .orElse("none");
        return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "…";
    }

    static void log(Context context) {
        if (!isOrder(context)) {
            return;
        }
        Caller caller = Gate.caller(context);
        log.info(
                "audit who={} role={} from={} what=\"{}\" status={} before={} after={}",
                caller.name(),
                caller.role().text(),
                context.ip(),
                what(context),
                context.status().getCode(),
                noted(context, BEFORE),
                noted(context, AFTER));
    }

    /** False too for a stream whose request Jetty has taken back by now. */
    private static boolean isOrder(Context context) {
        try {
            return !READS.contains(context.method().name());
        } catch (RuntimeException e) {
            log.debug("a request was taken back before its end: {}", e.toString());
            return false;
        }
    }

    private static String noted(Context context, String attribute) {
        String text = context.attribute(attribute);
        return text == null ? "-" : text;
    }
}
