package directory.thisdcos.l4lb.admin;

import io.javalin.http.Context;
import java.util.Optional;

/** Which part of a long list is asked for: at most {@code limit}, those that sort after {@code after}. */
final class Paging {
    private static final int MAX_LIMIT = 100_000;

    private Paging() {}

    static int limit(Context context) {
        String text = context.queryParam("limit");
        if (text == null) {
            return MAX_LIMIT;
        }
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT) {
            throw new ApiException(
                    400,
                    "wrong parameter",
                    "limit",
                    "limit is a number from 1 to " + MAX_LIMIT + ", not '" + text + "'; page on with after=NAME");
        }
        return Integer.parseInt(text);
    }

    static String after(Context context) {
        return Optional.ofNullable(context.queryParam("after")).orElse("");
    }
}
