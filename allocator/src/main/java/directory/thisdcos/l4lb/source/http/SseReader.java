package directory.thisdcos.l4lb.source.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads {@code text/event-stream} (WHATWG HTML, section 9.2.6): lines end in CR, LF or CRLF, in whatever pieces they
 * arrive; an event that was not ended by an empty line is dropped. For one thread.
 */
public final class SseReader {
    private static final int BUFFER = 16 << 10;
    private static final int BOM = 0xFEFF;

    private final InputStream in;
    private final int maxEventBytes;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long filledNanos;
    private boolean afterCr;
    private boolean firstLine = true;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER);

    private String type = "";
    private String id = "";
    private StringBuilder data = new StringBuilder();
    private boolean hasData;
    private boolean overlong;
    private long bytes;
    private long bytesAtLineEnd;
    private long begunNanos;

    /** @param maxEventBytes how many octets one event may have; the data of a larger one is dropped */
    public SseReader(InputStream in, int maxEventBytes) {
        this.in = in;
        this.maxEventBytes = maxEventBytes;
    }

    /** Waits for the next event; empty at the end of the stream. */
    public Optional<SseEvent> next() throws IOException {
        while (position < limit || fill()) {
            byte octet = buffer[position++];
            boolean pairedLf = afterCr && octet == '\n';
            afterCr = octet == '\r';
            if (pairedLf) {
                continue;
            }
            if (octet != '\r' && octet != '\n') {
                take(octet);
                continue;
            }
            Optional<SseEvent> event = endLine();
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    /** Whether more of the stream is here already, so that {@link #next} may not wait. */
    public boolean hasMore() throws IOException {
        // The LF of a CRLF that ended an event is no news.
        return limit - position > (afterCr ? 1 : 0) || in.available() > 0;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(read, 0);
        filledNanos = System.nanoTime();
        return read > 0;
    }

    private void take(byte octet) {
        if (bytes++ == 0) {
            begunNanos = filledNanos;
        }
        if (bytes <= maxEventBytes) {
            line.write(octet);
        } else {
            overlong = true;
        }
    }

    private Optional<SseEvent> endLine() {
        // Past its limit an event's lines have no text here; only one without a single octet ends it.
        boolean blank = bytes == bytesAtLineEnd;
        bytesAtLineEnd = bytes;
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine && !text.isEmpty() && text.charAt(0) == BOM) {
            text = text.substring(1);
        }
        firstLine = false;
        if (!text.isEmpty()) {
            field(text);
        }
        return blank ? dispatch() : Optional.empty();
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (name) {
            case "event" -> type = value;
            case "data" -> {
                if (hasData) {
                    data.append('\n');
                }
                data.append(value);
                hasData = true;
            }
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            default -> {
                // A comment, "retry" (we have waiting times of our own), or something unknown.
            }
        }
    }

    private Optional<SseEvent> dispatch() {
        Optional<SseEvent> event = hasData || overlong
                ? Optional.of(new SseEvent(
                        type.isEmpty() ? "message" : type, overlong ? "" : data.toString(), id, overlong, begunNanos))
                : Optional.empty();
        type = "";
        data = new StringBuilder();
        hasData = false;
        overlong = false;
        bytes = 0;
        bytesAtLineEnd = 0;
        return event;
    }
}
