package directory.thisdcos.l4lb.source.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Corpus;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.Documents;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppsFolderTest {
    private static final String ZONE = ".marathon.l4lb.thisdcos.directory:";

    @TempDir
    Path temp;

    private final RecordingSink sink = new RecordingSink();
    private Runnable stop = () -> {};

    @AfterEach
    void stop() {
        stop.run();
    }

    private AppsFolder start(Path folder) throws IOException {
        AppsFolder source = new AppsFolder(folder, "marathon", Documents.hosts(), InstantSource.system());
        source.start(sink);
        stop = source::close;
        return source;
    }

    private RecordingSink.Seen await(Predicate<Declarations> wanted) throws InterruptedException {
        return sink.await(wanted);
    }

    private RecordingSink.Seen awaitVips(String... names) throws InterruptedException {
        List<String> expected =
                List.of(names).stream().map(name -> name + ZONE + "80/tcp").toList();
        return await(declared -> Documents.vips(declared).equals(expected));
    }

    private static String app(String name) {
        return "{\"id\":\"/" + name + "\",\"portDefinitions\":[{\"labels\":{\"VIP_0\":\"/" + name + ":80\"}}]}";
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(temp.resolve(file), content);
    }

    @Test
    void readsAllFormsAndIgnoresOtherFiles() throws Exception {
        write("app.json", app("a"));
        write("array.json", "[" + app("b") + "," + app("c") + "]");
        write("apps.json", "{\"apps\":[" + app("d") + "]}");
        write("notes.txt", "{");
        Files.createDirectory(temp.resolve("folder.json"));
        AppsFolder source = start(temp);
        RecordingSink.Seen snapshot = awaitVips("a", "b", "c", "d");
        assertTrue(snapshot.complete());
        assertEquals(List.of(), snapshot.declarations().problems());
        assertEquals("apps:" + temp.toAbsolutePath(), source.id());
    }

    @Test
    void whileANameIsBeingResolvedItHasNotToldEverything() throws Exception {
        write(
                "app.json",
                "{\"id\":\"/a\",\"portDefinitions\":[{\"labels\":{\"VIP_0\":\"/a:80\"}}],\"tasks\":[{\"id\":\"t\","
                        + "\"state\":\"TASK_RUNNING\",\"host\":\"node.example\",\"ports\":[31000]}]}");
        CountDownLatch answer = new CountDownLatch(1);
        ExecutorService lookups = Executors.newSingleThreadExecutor();
        HostAddresses hosts = new HostAddresses(
                host -> {
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new UnknownHostException(host);
                    }
                    return List.of(Ip.of("10.0.0.9"));
                },
                InstantSource.system(),
                lookups);
        try (AppsFolder source = new AppsFolder(temp, "marathon", hosts, InstantSource.system())) {
            source.start(sink);
            RecordingSink.Seen first = await(declared -> declared.services().size() == 1);
            assertFalse(first.complete());
            answer.countDown();
            RecordingSink.Seen then = await(declared -> declared.backendCount() == 1);
            assertTrue(then.complete());
            assertEquals(List.of("10.0.0.9:31000 w=1 unchecked"), Documents.backends(then.declarations()));
        } finally {
            lookups.shutdownNow();
        }
    }

    @Test
    void followsChangesReplacementsAndDeletions() throws Exception {
        start(temp);
        assertTrue(await(declared -> declared.services().isEmpty()).complete());
        write("x.json", app("one"));
        awaitVips("one");
        write("x.json", app("two"));
        awaitVips("two");
        Files.writeString(temp.resolve("x.tmp"), app("six"));
        Files.move(temp.resolve("x.tmp"), temp.resolve("x.json"), StandardCopyOption.ATOMIC_MOVE);
        awaitVips("six");
        write("y.json", app("y"));
        awaitVips("six", "y");
        Files.delete(temp.resolve("x.json"));
        awaitVips("y");
    }

    @Test
    void brokenContentLeavesTheLastGoodOneInForce() throws Exception {
        write("x.json", app("x"));
        start(temp);
        awaitVips("x");
        write("x.json", "{\"id\":\"/x\",\n  oops}");
        RecordingSink.Seen broken =
                await(declared -> declared.problems().stream().anyMatch(AppsFolderTest::isInvalidJson));
        assertEquals(List.of("x" + ZONE + "80/tcp"), Documents.vips(broken.declarations()));
        assertTrue(broken.complete());
        Problem problem = broken.declarations().problems().get(0);
        assertEquals(temp.resolve("x.json").toString(), problem.subject());
        assertTrue(problem.message().startsWith("line 2, column "), problem::message);
        assertTrue(problem.message().endsWith("its last good content stays in force"), problem::message);
        write("x.json", app("z"));
        assertEquals(List.of(), awaitVips("z").declarations().problems());
    }

    private static boolean isInvalidJson(Problem problem) {
        return problem.kind().equals("invalid-json");
    }

    @Test
    void isIncompleteWhileAFileWasNeverReadable() throws Exception {
        write("bad.json", "[");
        write("empty.json", "");
        write("tail.json", app("tail") + " x");
        write("good.json", app("good"));
        start(temp);
        RecordingSink.Seen snapshot = awaitVips("good");
        assertFalse(snapshot.complete());
        assertEquals(3, snapshot.declarations().problems().size());
        write("bad.json", "[]");
        write("empty.json", "[]");
        Files.delete(temp.resolve("tail.json"));
        assertTrue(await(declared -> declared.problems().isEmpty()).complete());
    }

    @Test
    void aFolderThatVanishesTakesNothingWithIt() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("apps"));
        Files.writeString(folder.resolve("x.json"), app("x"));
        start(folder);
        awaitVips("x");
        Files.move(folder, temp.resolve("elsewhere"));
        RecordingSink.Seen gone = await(declared ->
                declared.problems().stream().anyMatch(problem -> problem.kind().equals("unreadable-folder")));
        assertEquals(List.of("x" + ZONE + "80/tcp"), Documents.vips(gone.declarations()));
        sink.await(SourceHealth.Status.STALE);
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("y.json"), app("y"));
        assertEquals(List.of(), awaitVips("y").declarations().problems());
        sink.await(SourceHealth.Status.LIVE);
    }

    @Test
    void refusesToStartWithoutAReadableFolder() throws IOException {
        assertTrue(message(temp.resolve("none")).contains("does not exist"));
        write("file", "");
        assertTrue(message(temp.resolve("file")).contains("is not a folder"));
    }

    private String message(Path folder) {
        return String.valueOf(
                assertThrows(IOException.class, () -> start(folder)).getMessage());
    }

    @Test
    void oddInputIsReportedAndSkipped() throws Exception {
        for (Corpus.Entry entry : Corpus.in("odd")) {
            String file = entry.file().replaceAll(".*/", "").replaceAll("[.](txt|json)$", ".json");
            Files.copy(entry.path(), temp.resolve(file));
        }
        start(temp);
        RecordingSink.Seen snapshot = await(declared -> declared.services().size() == 1);
        assertEquals(List.of("4.4.0.7:3306/tcp"), List.copyOf(Corpus.vips(snapshot.declarations())));
        for (Corpus.Entry entry : Corpus.in("odd")) {
            String file = entry.file().replaceAll(".*/", "").replaceAll("[.](txt|json)$", ".json");
            assertTrue(
                    snapshot.declarations().problems().stream()
                            .anyMatch(problem -> problem.subject().contains(file)),
                    () -> file + " is not among " + Documents.problems(snapshot.declarations()));
        }
        Problem duplicate = snapshot.declarations().problems().stream()
                .filter(problem -> problem.kind().equals("duplicate-key"))
                .findFirst()
                .orElseThrow();
        assertTrue(duplicate.subject().endsWith("portMappings[0].labels.VIP_0"), duplicate::toString);
        assertTrue(duplicate.message().startsWith("line 8, column 13:"), duplicate::toString);
    }
}
