package directory.thisdcos.l4lb.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path dir;

    private static TableChange change(long id) {
        return new TableChange(
                id, Instant.ofEpochMilli(id), id, "name-" + id % 3, "a \"text\" — " + id, "alice", "because");
    }

    private static List<Long> ids(List<TableChange> changes) {
        return changes.stream().map(TableChange::id).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.sorted().toList();
        }
    }

    @Test
    void theNewestComeFirstAndTheOldestFileGoes() throws Exception {
        ChangeFiles files = new ChangeFiles(dir, 1_000, 3);
        assertEquals(Optional.empty(), files.open());
        for (long id = 1; id <= 100; id++) {
            files.append(List.of(change(id)));
        }
        assertEquals(3, files().size());
        long octets = 0;
        for (Path file : files()) {
            octets += Files.size(file);
        }
        assertTrue(octets <= 3_000, octets + " octets");
        assertEquals(List.of(100L, 99L, 98L), ids(files.newest("", Long.MAX_VALUE, 3)));
        assertEquals(List.of(94L, 93L), ids(files.newest("", 95, 2)), "over the end of a file");
        assertEquals(List.of(100L, 97L), ids(files.newest("name-1", Long.MAX_VALUE, 2)));
        assertEquals(List.of(), files.newest("name", Long.MAX_VALUE, 2), "a part of a name is no name");
        assertEquals(Optional.of(change(100)), new ChangeFiles(dir, 1_000, 3).open());
    }

    @Test
    void aTornLineIsCutOffAndWhatFollowsIsWhole() throws Exception {
        ChangeFiles files = new ChangeFiles(dir, 10_000, 3);
        files.open();
        files.append(
                LongStream.rangeClosed(1, 3).mapToObj(ChangeFilesTest::change).toList());
        byte[] whole = Files.readAllBytes(files().get(0));
        for (int cut = whole.length - 1; cut > whole.length - 60; cut--) {
            Files.write(files().get(0), Arrays.copyOf(whole, cut));
            ChangeFiles next = new ChangeFiles(dir, 10_000, 3);
            assertEquals(Optional.of(change(2)), next.open());
            next.append(List.of(change(3)));
            assertEquals(List.of(3L, 2L, 1L), ids(next.newest("", Long.MAX_VALUE, 9)));
        }
    }

    @Test
    void whatIsNoChangeIsPassedOver() throws Exception {
        ChangeFiles files = new ChangeFiles(dir, 10_000, 3);
        files.open();
        files.append(List.of(change(1)));
        Files.write(files().get(0), new byte[] {'{', 0, (byte) 0xff, '\n'}, StandardOpenOption.APPEND);
        ChangeFiles next = new ChangeFiles(dir, 10_000, 3);
        assertEquals(Optional.of(change(1)), next.open());
        next.append(List.of(change(2)));
        assertEquals(List.of(2L, 1L), ids(next.newest("", Long.MAX_VALUE, 9)));
    }
}
