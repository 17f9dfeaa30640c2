package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What changed. */
@Command(
        name = "changes",
        description = {"Shows what changed, when, by whom and why; the newest last.", ""},
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb changes", "  ./l4lb changes my-service.marathon", "  ./l4lb changes --watch"})
final class ChangesCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;

    /** Of those that are asked for at once while watching. */
    private static final int PAGE = 100;

    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "Only of a name, with or without its zone, or of a fixed address.")
    private @Nullable String name;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The newest N, at most 1000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--watch", description = "Goes on with what changes, one line each, until it is stopped.")
    private boolean watch;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        Api api = options.api();
        JsonNode changes = api.get(path(limit));
        show(options, changes, true);
        long shown = changes.path(0).path("id").asLong();
        Optional<String> version = Optional.empty();
        while (watch) {
            Thread.sleep(LOOK_MILLIS);
            Api.Answer newest = api.send(
                    "GET",
                    path(PAGE),
                    "",
                    version.map(seen -> Map.of("If-None-Match", seen)).orElse(Map.of()));
            version = newest.etag();
            for (JsonNode change : after(shown, newest.body(), api)) {
                shown = change.path("id").asLong();
                options.out().println(String.join("  ", cells(change)));
            }
            options.out().flush();
        }
        return 0;
    }

    /** All that came after a change, the oldest first, however many parts it comes in. */
    private List<JsonNode> after(long id, JsonNode newest, Api api) throws CommandFailedException {
        List<JsonNode> found = new ArrayList<>();
        JsonNode part = newest;
        while (true) {
            long oldest = Long.MAX_VALUE;
            for (JsonNode change : part) {
                oldest = change.path("id").asLong();
                if (oldest > id) {
                    found.add(change);
                }
            }
            if (oldest <= id || part.size() < PAGE) {
                Collections.reverse(found);
                return found;
            }
            part = api.get(path(PAGE) + "&before=" + oldest);
        }
    }

    private String path(int most) {
        return "/v1/changes?limit=" + most + (name == null ? "" : "&name=" + Api.part(name));
    }

    /** @param reversed whether the newest comes first in {@code changes} */
    static void show(ApiOptions options, JsonNode changes, boolean reversed) {
        options.output().show(changes, new Table("AT", "TABLE", "NAME", "WHAT", "WHO", "WHY"), table -> {
            for (JsonNode change : reversed ? oldestFirst(changes) : changes) {
                table.row(cells(change));
            }
        });
    }

    private static List<JsonNode> oldestFirst(JsonNode changes) {
        List<JsonNode> list = new ArrayList<>();
        changes.forEach(list::add);
        Collections.reverse(list);
        return list;
    }

    private static String[] cells(JsonNode change) {
        return new String[] {
            change.path("at").asText(),
            change.path("table").asText(),
            change.path("target").asText(),
            change.path("text").asText(),
            change.path("who").asText(),
            change.path("why").asText()
        };
    }
}
