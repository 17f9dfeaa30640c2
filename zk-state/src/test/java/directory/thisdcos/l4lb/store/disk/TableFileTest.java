package directory.thisdcos.l4lb.store.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    @TempDir
    private Path folder;

    private TableFile file;
    private final RandomStates random = new RandomStates(1, 20);

    TableFileTest() {
        this.folder = Path.of("unset");
        this.file = new TableFile(folder);
    }

    @BeforeEach
    void open() {
        file = new TableFile(folder.resolve("table"), InstantSource.fixed(NOW));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("table"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void loadsWhatWasSaved() throws IOException {
        assertEquals(Optional.empty(), file.load());
        State state = random.state(20);
        file.save(state, "cluster");
        TableFile.Loaded loaded = file.load().orElseThrow();
        assertEquals("cluster", loaded.clusterId());
        assertEquals(NOW, loaded.saved());
        assertEquals(state.hash(), loaded.state().hash());
        assertEquals(state.seq(), loaded.state().seq());
    }

    @Test
    void keepsTwoAndPrefersTheLastSaved() throws IOException {
        State newer = random.state(30);
        State older = random.state(3);
        file.save(random.state(40), "a");
        file.save(newer, "a");
        // After ZooKeeper was replaced, numbers may go back.
        file.save(older, "b");
        assertEquals(2, files().size());
        assertEquals(older.hash(), file.load().orElseThrow().state().hash());
    }

    @Test
    void whatWasLoadedBeforeIsTakenUnlessANewerOneWasSaved() throws IOException {
        assertEquals(Optional.empty(), file.load(Optional.empty()));
        file.save(random.state(10), "a");
        Optional<TableFile.Loaded> before = file.load();
        assertSame(before, file.load(before));
        State newer = random.state(10);
        new TableFile(folder.resolve("table")).save(newer, "a");
        assertEquals(newer.hash(), file.load(before).orElseThrow().state().hash());
        assertEquals(
                newer.hash(), file.load(Optional.empty()).orElseThrow().state().hash());
    }

    @Test
    void fallsBackToTheFileBefore() throws IOException {
        State first = random.state(10);
        file.save(first, "a");
        file.save(random.state(10), "a");
        Path newest = files().get(1);
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        assertEquals(first.hash(), file.load().orElseThrow().state().hash());

        Files.write(newest, new byte[0]);
        assertEquals(first.hash(), file.load().orElseThrow().state().hash());

        Files.write(files().get(0), new byte[] {1, 2, 3});
        assertEquals(Optional.empty(), file.load());

        State next = random.state(5);
        file.save(next, "a");
        assertEquals(next.hash(), file.load().orElseThrow().state().hash());
    }

    @Test
    void leavesOtherFilesAlone() throws IOException {
        Files.createDirectories(folder.resolve("table"));
        Path other = Files.writeString(folder.resolve("table/notes.txt"), "mine");
        Path similar = Files.createDirectory(folder.resolve("table/table-9999999999.json.gz"));
        Path copy = Files.writeString(folder.resolve("table/table-1.json.gz.bak"), "x");
        for (int i = 0; i < 4; i++) {
            file.save(random.state(5), "a");
        }
        assertTrue(Files.exists(other) && Files.exists(similar) && Files.exists(copy));
        assertEquals(5, files().size());
        assertTrue(file.load().isPresent());
    }

    @Test
    void anAbandonedTemporaryFileIsOverwritten() throws IOException {
        Files.createDirectories(folder.resolve("table"));
        Files.writeString(folder.resolve("table/table.tmp"), "half a table");
        State state = random.state(5);
        file.save(state, "a");
        assertEquals(1, files().size());
        assertEquals(state.hash(), file.load().orElseThrow().state().hash());
    }

    @Test
    void aFailedSaveIsOneLineAndLeavesTheOldFile() throws IOException {
        State state = random.state(5);
        file.save(state, "a");
        Path obstacle = Files.createDirectories(folder.resolve("table/table.tmp/x"));
        IOException e = assertThrows(IOException.class, () -> file.save(random.state(5), "a"));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("cannot save the table in "), message);
        assertFalse(message.contains("\n"), message);
        assertTrue(Files.exists(obstacle));
        assertEquals(state.hash(), file.load().orElseThrow().state().hash());
    }

    @Test
    void aFolderThatIsAFileIsAClearFailure() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "x");
        TableFile impossible = new TableFile(notAFolder);
        assertEquals(Optional.empty(), impossible.load());
        assertThrows(IOException.class, () -> impossible.save(random.state(1), "a"));
    }

    @Test
    void tenThousandNamesLoad() throws IOException {
        State state = new RandomStates(2, 10_000).state(8_000);
        file.save(state, "a");
        State loaded = file.load().orElseThrow().state();
        assertEquals(state.hash(), loaded.hash());
        assertTrue(state.size() > 5_000, "targets: " + state.size());
    }
}
