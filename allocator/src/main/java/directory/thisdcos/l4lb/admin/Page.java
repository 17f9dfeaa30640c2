package directory.thisdcos.l4lb.admin;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a sorted list: {@code limit} entries after the one whose key is {@code after}. The answer says how many there
 * are in {@code X-Total-Count}, and where the next part is in {@code Link} (RFC 8288).
 */
record Page(int limit, String after) {
    private static final int MAX_LIMIT = 100_000;

    static Page of(Context context) {
        String text = context.queryParam("limit");
        if (text != null
                && (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT)) {
            throw new ApiException(
                    400,
                    "wrong parameter",
                    "limit",
                    "limit is a number from 1 to " + MAX_LIMIT + ", not '" + text + "'",
                    "page on with after=, or follow the Link header");
        }
        return new Page(
                text == null ? MAX_LIMIT : Integer.parseInt(text),
                Optional.ofNullable(context.queryParam("after")).orElse(""));
    }

    /** @param sorted by {@code key}, which no two share */
    <T> List<T> cut(Context context, List<T> sorted, Function<T, String> key) {
        context.header("X-Total-Count", Integer.toString(sorted.size()));
        List<T> rest = sorted.stream()
                .filter(item -> key.apply(item).compareTo(after) > 0)
                .toList();
        if (rest.size() <= limit) {
            return rest;
        }
        List<T> part = rest.subList(0, limit);
        StringBuilder next = new StringBuilder(context.path()).append("?limit=").append(limit);
        next.append("&after=").append(encode(key.apply(part.get(limit - 1))));
        context.queryParamMap().forEach((name, values) -> {
            if (!name.equals("limit") && !name.equals("after")) {
                values.forEach(value ->
                        next.append('&').append(encode(name)).append('=').append(encode(value)));
            }
        });
        context.header("Link", "<" + next + ">; rel=\"next\"");
        return part;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
