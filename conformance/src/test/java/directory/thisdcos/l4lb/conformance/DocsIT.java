package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages for operators. What stands in a {@code console} block is executed beside a running program; {@code sh} is for
 * what needs root, a kernel or other machines: of it, commands and options of ours must exist. Settings in {@code yaml} must
 * be known.
 */
final class DocsIT {
    private static final String START = "./l4lb standalone --apps examples";
    private static final Set<String> TAGS = Set.of("console", "sh", "yaml", "json", "text");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");
    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z][a-z0-9-]*");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private final Map<String, String> helps = new HashMap<>();

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyCommandDoesWhatThePageSays() throws Exception {
        int executed = 0;
        try (RunningProgram program = RunningProgram.examples(temp)) {
            Await.until(
                    "the examples",
                    LIMIT,
                    () -> Shell.output("curl", "-sS", program.admin() + "/v1/vips")
                            .contains("broker.kafka"));
            Await.until(
                    "readiness",
                    LIMIT,
                    () -> Shell.output("curl", "-sS", program.admin() + "/readyz")
                            .contains("\"ready\":true"));
            for (Path page : pages()) {
                for (ConsoleStep step : ConsoleStep.of(page)) {
                    if (!step.command().equals(START)) {
                        step.run();
                        executed++;
                    }
                }
            }
        }
        assertTrue(executed > 20, "executed " + executed);
        System.err.println("DocsIT: " + executed + " commands of docs/ were executed");
    }

    @Test
    void whatIsOnlyShownExists() throws Exception {
        List<String> wrong = new ArrayList<>();
        int shown = 0;
        for (Path page : pages()) {
            for (DocBlock block : DocBlock.of(page)) {
                if (!TAGS.contains(block.tag())) {
                    wrong.add(page.getFileName() + ": a block is tagged '" + block.tag() + "', not one of "
                            + new TreeSet<>(TAGS));
                }
                if (block.tag().equals("yaml")) {
                    Path file = Files.writeString(Files.createTempFile(temp, "config", ".yaml"), block.text());
                    Shell.Result result = Shell.run(
                            Checkout.launcher().toString(), "standalone", "--config", file.toString(), "--help");
                    if (result.exitCode() != 0) {
                        wrong.add(page.getFileName() + ": " + result.err().strip());
                    }
                }
                if (block.tag().equals("sh")) {
                    for (String line : block.commands()) {
                        shown++;
                        check(page, line, wrong);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        System.err.println("DocsIT: " + shown + " lines of docs/ are only shown, since they need root, a kernel or more"
                + " machines; the options of ours in them exist");
    }

    private void check(Path page, String line, List<String> wrong) throws IOException, InterruptedException {
        if (!line.startsWith("l4lb ")) {
            return;
        }
        List<String> words = List.of(line.split("\\s+", -1));
        String help = "";
        String command = "";
        for (String word : words.subList(1, words.size())) {
            String longer = (command + " " + word).strip();
            if (!WORD.matcher(word).matches() || help(longer).isEmpty()) {
                break;
            }
            command = longer;
            help = help(command);
        }
        if (command.isEmpty()) {
            wrong.add(page.getFileName() + ": there is no such command: " + line);
        }
        Matcher option = OPTION.matcher(line);
        while (option.find()) {
            if (!Pattern.compile(Pattern.quote(option.group()) + "(?![a-z-])")
                    .matcher(help)
                    .find()) {
                wrong.add(page.getFileName() + ": `l4lb " + command + "` has no " + option.group());
            }
        }
    }

    /** The help of a command; empty if there is none. */
    private String help(String command) throws IOException, InterruptedException {
        String known = helps.get(command);
        if (known == null) {
            List<String> all = new ArrayList<>(List.of(Checkout.launcher().toString()));
            all.addAll(List.of(command.split(" ", -1)));
            all.add("--help");
            Shell.Result result = Shell.run(all);
            known = result.exitCode() == 0 && result.out().contains("Usage: l4lb " + command) ? result.out() : "";
            helps.put(command, known);
        }
        return known;
    }

    @Test
    void linksLeadSomewhere() throws Exception {
        List<String> wrong = new ArrayList<>();
        List<Path> all = new ArrayList<>(pages());
        all.add(Checkout.root().resolve("README.md"));
        for (Path page : all) {
            Matcher link = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)").matcher(Files.readString(page));
            while (link.find()) {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                if (!Files.exists(target)) {
                    wrong.add(page.getFileName() + ": " + link.group());
                } else if (link.group(2) != null && !anchors(target).contains(link.group(2))) {
                    wrong.add(page.getFileName() + ": no heading for " + link.group());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("#")) {
                anchors.add(line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }
}
