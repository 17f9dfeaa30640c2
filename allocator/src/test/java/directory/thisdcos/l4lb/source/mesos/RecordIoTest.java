package directory.thisdcos.l4lb.source.mesos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.source.Corpus;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIoTest {

    private static List<String> records(InputStream in, long max) throws IOException {
        RecordIo records = new RecordIo(in, max);
        List<String> all = new ArrayList<>();
        for (Optional<InputStream> next = records.next(); next.isPresent(); next = records.next()) {
            all.add(new String(next.get().readAllBytes(), UTF_8));
        }
        return all;
    }

    private static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static String framed(List<String> records) {
        StringBuilder text = new StringBuilder();
        records.forEach(record ->
                text.append(record.getBytes(UTF_8).length).append('\n').append(record));
        return text.toString();
    }

    @Test
    void splitAtEveryOctetItIsTheSame() throws IOException {
        List<String> expected = List.of("{\"type\":\"HEARTBEAT\"}", "", "{\"n\":\"ü€\"}", "12\n");
        byte[] octets = framed(expected).getBytes(UTF_8);
        for (int cut = 0; cut <= octets.length; cut++) {
            InputStream in = new SequenceInputStream(
                    new ByteArrayInputStream(octets, 0, cut),
                    new ByteArrayInputStream(octets, cut, octets.length - cut));
            assertEquals(expected, records(in, 100), "cut at " + cut);
        }
    }

    @Test
    void aRealStreamInPiecesOfAnySize() throws IOException {
        byte[] octets = Files.readAllBytes(Corpus.root().resolve("mesos/dcos-net-hello-overlay.recordio"));
        List<String> whole = records(new ByteArrayInputStream(octets), 1 << 20);
        assertEquals(14, whole.size());
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(whole, records(new Trickle(octets, new Random(seed)), 1 << 20), "seed " + seed);
        }
    }

    /** Gives 1 to 40 octets at a time, as a socket may. */
    private static final class Trickle extends ByteArrayInputStream {
        private final Random random;

        Trickle(byte[] octets, Random random) {
            super(octets);
            this.random = random;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(40)));
        }
    }

    @Test
    void whatIsNotReadIsSkipped() throws IOException {
        RecordIo records = new RecordIo(of(framed(List.of("abcdef", "next"))), 10);
        assertEquals('a', records.next().orElseThrow().read());
        assertEquals("next", new String(records.next().orElseThrow().readAllBytes(), UTF_8));
        assertTrue(records.next().isEmpty());
    }

    @Test
    void theEndWithinARecordIsNoEnd() {
        byte[] octets = framed(List.of("abc", "defgh")).getBytes(UTF_8);
        for (int length = 1; length < octets.length; length++) {
            byte[] part = Arrays.copyOf(octets, length);
            if (length != 5) {
                assertThrows(EOFException.class, () -> records(new ByteArrayInputStream(part), 10), "cut at " + length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"type\":1}", "-1\n", "+1\na", " 1\na", "1 \na", "\n", "1\r\na", "0x1\na", "<html>", "1,5\n"})
    void garbageIsAnError(String text) {
        RecordIoException e = assertThrows(RecordIoException.class, () -> records(of(text), 100));
        assertTrue(String.valueOf(e.getMessage()).contains("length of a record"), e::toString);
    }

    @ParameterizedTest
    @CsvSource({"101, limit is 100", "9999999999999999999999, more than 18 digits", "999999999999999999, limit is 100"})
    void aLengthHasALimit(String digits, String message) {
        RecordIoException e = assertThrows(RecordIoException.class, () -> records(of(digits + "\n"), 100));
        assertTrue(String.valueOf(e.getMessage()).contains(message), e::toString);
    }
}
