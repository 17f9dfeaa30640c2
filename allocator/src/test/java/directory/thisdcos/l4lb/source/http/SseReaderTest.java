package directory.thisdcos.l4lb.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.source.Corpus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static final int LIMIT = 1 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyLineEndAndEverySplit(String end) throws IOException {
        String text = String.join(
                end,
                "\uFEFFevent: a",
                "data: {\"x\":",
                "data:  1}",
                "",
                ": a comment",
                "",
                "",
                "id: 7",
                "event",
                "retry: 5",
                "data",
                "",
                "event: no-data",
                "",
                "data: grün",
                "unknown: x",
                "",
                "data: never ended",
                "");
        List<String> expected = List.of("a|{\"x\":\n 1}|", "message||7", "message|grün|7");
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= octets.length; first++) {
            assertEquals(expected, read(octets, first), "split at " + first);
        }
        assertEquals(expected, read(octets, -1), "octet by octet");
    }

    @Test
    void anOverlongEventIsDroppedAndSaid() throws IOException {
        String text = "event: big\ndata: " + "x".repeat(300) + "\ndata: more\n\nevent: small\ndata: ok\n\n";
        SseReader reader = new SseReader(stream(text), 100);
        SseEvent big = reader.next().orElseThrow();
        assertTrue(big.overlong());
        assertEquals("", big.data());
        assertEquals("big", big.type());
        SseEvent small = reader.next().orElseThrow();
        assertFalse(small.overlong());
        assertEquals("ok", small.data());
        assertEquals(Optional.empty(), reader.next());
    }

    @Test
    void saysWhetherMoreIsHere() throws IOException {
        SseReader reader = new SseReader(stream("data: 1\r\n\r\ndata: 2\r\n\r\n"), LIMIT);
        assertTrue(reader.hasMore());
        reader.next();
        assertTrue(reader.hasMore());
        reader.next();
        assertFalse(reader.hasMore());
    }

    @Test
    void marathonsOwnExamplesAreRead() throws IOException {
        byte[] docs = Files.readAllBytes(Corpus.root().resolve("marathon-api/marathon-event-bus-docs-events.sse"));
        assertEquals(28, read(docs, -1).size());
        byte[] real = Files.readAllBytes(Corpus.root().resolve("marathon-api/events.txt"));
        assertEquals(
                List.of("event_stream_attached", "status_update_event", "status_update_event"),
                read(real, 100).stream().map(text -> text.split("\\|", 2)[0]).toList());
    }

    @Test
    void anyOctetsAreRead() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            String alphabet = "\r\n:d ataevn\0\u00ff";
            for (int j = 0; j < octets.length; j++) {
                octets[j] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            assertEquals(read(octets, octets.length), read(octets, random.nextInt(octets.length + 1)));
        }
    }

    /** {@code type|data|id} of each event; {@code split} is the size of the first piece, or -1 for single octets. */
    private static List<String> read(byte[] octets, int split) throws IOException {
        SseReader reader = new SseReader(new Pieces(octets, split), LIMIT);
        List<String> events = new ArrayList<>();
        Optional<SseEvent> event = reader.next();
        while (event.isPresent()) {
            events.add(event.get().type() + "|" + event.get().data() + "|"
                    + event.get().id());
            event = reader.next();
        }
        return events;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Pieces extends InputStream {
        private final byte[] octets;
        private final int split;
        private int position;

        Pieces(byte[] octets, int split) {
            this.octets = octets;
            this.split = split;
        }

        @Override
        public int read() {
            return position < octets.length ? octets[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (position == octets.length) {
                return -1;
            }
            int end = split < 0 ? position + 1 : position < split ? split : octets.length;
            int count = Math.min(length, end - position);
            System.arraycopy(octets, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
