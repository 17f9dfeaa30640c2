package directory.thisdcos.l4lb.admin;

import io.javalin.http.Context;
import java.util.Optional;

/** {@code If-Match} and {@code If-None-Match} of a request that changes something (RFC 9110 §13.1). */
final class Precondition {
    private static final int FAILED = 412;

    private Precondition() {}

    /** @param current the version that would be changed; empty if there is none */
    static void check(Context context, Optional<EntityTag> current) {
        String match = context.header("If-Match");
        if (match != null && current.filter(tag -> tag.isIn(match)).isEmpty()) {
            throw new ApiException(
                    FAILED,
                    "changed meanwhile",
                    "If-Match",
                    current.map(tag -> "its version is now " + tag.text()).orElse("it does not exist"),
                    "GET it again, look whether your change still fits, and send it with the new ETag");
        }
        String noneMatch = context.header("If-None-Match");
        if (noneMatch != null && current.filter(tag -> tag.isIn(noneMatch)).isPresent()) {
            throw new ApiException(
                    FAILED,
                    "exists already",
                    "If-None-Match",
                    "it is there already",
                    "leave If-None-Match out to replace your part of it");
        }
    }
}
