package directory.thisdcos.l4lb.source.marathon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Corpus;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every app that a user or a package published gives exactly the VIPs that it should. Where our rules differ from
 * dcos-net's on purpose ({@code [v6]:port} is accepted, labels without a name and labels longer than 63 octets are
 * refused, {@code /foo} is {@code foo}), ours win; no file of this folder asks for one of those, except for the
 * {@code "/:0"} that the index marks as invalid too.
 */
class CorpusAppsTest {

    static List<Corpus.Entry> apps() {
        return Corpus.in("marathon-apps");
    }

    @ParameterizedTest
    @MethodSource("apps")
    void givesTheVipsOfTheIndex(Corpus.Entry entry) throws Exception {
        Declarations declared = read(entry);
        assertEquals(entry.vips(), Corpus.vips(declared));
        boolean anyInvalid = entry.expect().findValuesAsText("kind").contains("invalid");
        assertEquals(
                anyInvalid,
                declared.problems().stream().anyMatch(problem -> problem.kind().equals("invalid-label")),
                () -> declared.problems().toString());
    }

    static List<Corpus.Entry> podsAndAnswers() {
        return Stream.concat(Corpus.in("marathon-pods").stream(), Corpus.in("marathon-api").stream())
                .filter(entry -> entry.file().endsWith(".json") && !entry.file().contains("event-bus"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("podsAndAnswers")
    void podsAndAnswersOfTheApiGiveTheirsToo(Corpus.Entry entry) throws Exception {
        Declarations declared = read(entry);
        assertEquals(entry.vips(), Corpus.vips(declared));
        if (entry.expect().findValue("backends") != null) {
            assertEquals(entry.backends(), Corpus.backends(declared));
        }
        if (entry.expect().findValuesAsText("kind").contains("invalid")) {
            assertTrue(
                    declared.problems().stream()
                            .anyMatch(problem -> problem.kind().equals("unknown-protocol")),
                    () -> declared.problems().toString());
        }
    }

    @Test
    void theIndexNamesEveryFile() throws IOException {
        assertEquals(
                Corpus.onDisk("marathon-apps"),
                apps().stream().map(Corpus.Entry::file).sorted().toList());
    }

    @Test
    void containerTaskIsReachedAtItsOwnAddress() throws Exception {
        Corpus.Entry entry = entry("marathon-apps/ui-marathon-1-task-net-with-task.json");
        assertEquals(
                List.of("notnet.marathon.l4lb.thisdcos.directory:1234 -> 9.0.2.130:10 w=1"),
                List.copyOf(Corpus.backends(read(entry))));
    }

    @Test
    void aLabelThatDoesNotApplyIsReported() throws Exception {
        for (Corpus.Entry entry : apps()) {
            if (entry.file().contains("docs-nginx-1.10") || entry.file().contains("docs-product-service-myApp-2")) {
                List<Problem> problems = read(entry).problems();
                assertTrue(
                        problems.stream()
                                .anyMatch(problem -> problem.kind().equals("misplaced-label")
                                        && problem.subject().contains("portDefinitions[0].labels.VIP_0")),
                        problems::toString);
            }
        }
    }

    @Test
    void mostFilesGiveNoProblemAtAll() throws Exception {
        long clean = 0;
        for (Corpus.Entry entry : apps()) {
            clean += read(entry).problems().isEmpty() ? 1 : 0;
        }
        assertFalse(clean < apps().size() * 9 / 10, "only " + clean + " of " + apps().size());
    }

    private static Corpus.Entry entry(String file) {
        return apps().stream()
                .filter(entry -> entry.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    private static Declarations read(Corpus.Entry entry) throws Exception {
        HostAddresses hosts = new HostAddresses(host -> List.of(), InstantSource.system());
        DeclarationBuilder out = new DeclarationBuilder();
        new MarathonApps("apps:test", entry.framework(), hosts)
                .read(
                        JsonText.parse(Files.readAllBytes(entry.path()))
                                .root((kind, path, message) -> out.report(new Problem(kind, path, message))),
                        entry.file(),
                        out);
        return out.build();
    }
}
