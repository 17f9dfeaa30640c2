package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.State;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code If-Match} and {@code If-None-Match} of a request that changes something (RFC 9110 §13.1). */
record Precondition(Optional<String> match, Optional<String> noneMatch) {
    private static final int FAILED = 412;

    static Precondition of(Context context) {
        return new Precondition(
                Optional.ofNullable(context.header("If-Match")), Optional.ofNullable(context.header("If-None-Match")));
    }

    /** @param current the version that would be changed; empty if there is none */
    static void check(Context context, Optional<EntityTag> current) {
        of(context).check(current);
    }

    /**
     * The same, to be looked at where the table is changed; empty if the request has none.
     *
     * @param version of what would be changed, in a table
     */
    Optional<Consumer<State>> on(Function<State, Optional<EntityTag>> version) {
        return match.isEmpty() && noneMatch.isEmpty()
                ? Optional.empty()
                : Optional.of(table -> check(version.apply(table)));
    }

    private void check(Optional<EntityTag> current) {
        if (match.isPresent() && current.filter(tag -> tag.isIn(match.get())).isEmpty()) {
            throw new ApiException(
                    FAILED,
                    "changed meanwhile",
                    "If-Match",
                    current.map(tag -> "its version is now " + tag.text()).orElse("it does not exist"),
                    "GET it again, look whether your change still fits, and send it with the new ETag");
        }
        if (noneMatch.isPresent()
                && current.filter(tag -> tag.isIn(noneMatch.get())).isPresent()) {
            throw new ApiException(
                    FAILED,
                    "exists already",
                    "If-None-Match",
                    "it is there already",
                    "leave If-None-Match out to replace your part of it");
        }
    }
}
