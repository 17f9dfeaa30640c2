package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.history.TableChange;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.source.api.InvalidDocumentException;
import directory.thisdcos.l4lb.source.api.ServicePath;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What changed, when, by whom and why, as this process wrote it down. */
final class ChangeRoutes {
    static final String PATH = "/v1/changes";
    private static final int MAX_LIMIT = 1_000;
    private static final int DEFAULT_LIMIT = 100;

    private final Optional<TableHistory> history;

    ChangeRoutes(Optional<TableHistory> history) {
        this.history = history;
    }

    void register(RoutesConfig routes) {
        routes.get(PATH, this::list);
    }

    /** The newest first; {@code Link} says where the older ones are. */
    private void list(Context context) throws IOException {
        TableHistory known = known();
        if (EntityTag.of(known.lastId()).isKnownTo(context)) {
            return;
        }
        int limit = number(context, "limit", MAX_LIMIT).map(Long::intValue).orElse(DEFAULT_LIMIT);
        long before = number(context, "before", Long.MAX_VALUE).orElse(Long.MAX_VALUE);
        String name = Optional.ofNullable(context.queryParam("name")).orElse("");
        List<TableChange> found =
                known.newest(name.isEmpty() ? "" : target(name).text(), before, limit);
        if (found.size() == limit) {
            context.header(
                    "Link",
                    "<" + PATH + "?limit=" + limit + "&before="
                            + found.get(limit - 1).id() + (name.isEmpty() ? "" : "&name=" + Page.encode(name))
                            + ">; rel=\"next\"");
        }
        write(context, found);
    }

    /** All of one name, the oldest first. */
    void history(Context context, Target target) throws IOException {
        List<TableChange> found = new ArrayList<>(known().newest(target.text(), Long.MAX_VALUE, MAX_LIMIT));
        Collections.reverse(found);
        write(context, found);
    }

    private TableHistory known() {
        return history.orElseThrow(() ->
                new ApiException(404, "no history", "", "this process keeps no history; ask a node or an allocator"));
    }

    private static Target target(String name) {
        Optional<Ip> address = Ip.parse(name);
        if (address.isPresent()) {
            return new FixedAddress(address.get());
        }
        try {
            return ServicePath.name(name);
        } catch (InvalidDocumentException e) {
            throw new ApiException(400, "wrong parameter", "name", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Long> number(Context context, String parameter, long max) {
        String text = context.queryParam(parameter);
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("[1-9][0-9]{0,17}") || Long.parseLong(text) > max) {
            throw new ApiException(
                    400,
                    "wrong parameter",
                    parameter,
                    parameter + " is a number from 1 to " + max + ", not '" + text + "'");
        }
        return Optional.of(Long.parseLong(text));
    }

    private static void write(Context context, List<TableChange> changes) throws IOException {
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (TableChange change : changes) {
                write(change, out);
            }
            out.writeEndArray();
        });
    }

    static void write(TableChange change, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", change.id());
        out.writeStringField("at", change.at().toString());
        out.writeNumberField("table", change.table());
        out.writeStringField("target", change.target());
        out.writeStringField("text", change.text());
        out.writeStringField("who", change.who());
        out.writeStringField("why", change.why());
        out.writeEndObject();
    }
}
