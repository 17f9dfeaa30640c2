package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        JsonNode changes = api.get(path());
        show(options, changes, true);
        long shown = changes.path(0).path("id").asLong();
        while (watch) {
            Thread.sleep(LOOK_MILLIS);
            for (JsonNode change : oldestFirst(api.get(path()))) {
                if (change.path("id").asLong() > shown) {
                    shown = change.path("id").asLong();
                    options.out().println(String.join("  ", cells(change)));
                }
            }
            options.out().flush();
        }
        return 0;
    }

    private String path() {
        return "/v1/changes?limit=" + limit + (name == null ? "" : "&name=" + Api.part(name));
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
