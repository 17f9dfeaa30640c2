package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is wrong now. */
@Command(
        name = "problems",
        description = {"Shows what is wrong now, and what to do about it.", ""},
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb problems", "  ./l4lb problems -o json"})
final class ProblemsCommand implements Callable<Integer> {
    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() throws CommandFailedException {
        JsonNode problems = options.api().get("/v1/problems");
        options.output().show(problems, new Table("SINCE", "KIND", "SUBJECT", "PROBLEM"), table -> {
            for (JsonNode problem : problems) {
                table.row(
                        problem.path("since").asText(),
                        problem.path("kind").asText(),
                        problem.path("subject").asText(),
                        problem.path("message").asText());
            }
        });
        return 0;
    }
}
