package directory.thisdcos.l4lb.dns.zone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes a master file apart into entries (RFC 1035 §5.1): what is a comment, quoted, escaped, or on several lines. */
@SuppressWarnings("InputStreamSlowMultibyteRead") // octet by octet out of a buffer
final class MasterLexer implements AutoCloseable {
    private static final int END = -1;

    private final Path file;
    private final InputStream in;
    private final StringBuilder text = new StringBuilder();
    private int line = 1;
    private int pushed = END;
    private boolean blank;

    MasterLexer(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 14);
    }

    /** The next entry; null after the last. */
    @Nullable MasterEntry next() throws IOException {
        while (true) {
            int first = read();
            if (first == END) {
                return null;
            }
            pushed = first;
            int start = line;
            text.setLength(0);
            blank = true;
            entry(start);
            if (!blank) {
                return new MasterEntry(start, first == ' ' || first == '\t', text.toString());
            }
        }
    }

    /** Reads up to the end of the line that is not within parentheses. */
    private void entry(int start) throws IOException {
        int depth = 0;
        boolean quoted = false;
        for (int c = read(); ; c = read()) {
            if (c == END || c == '\n') {
                if (quoted) {
                    throw fault(line, "a quote is not closed on its line");
                }
                if (c == END && depth > 0) {
                    throw fault(start, "a parenthesis that opens in this record is never closed");
                }
                line += c == '\n' ? 1 : 0;
                if (depth == 0) {
                    return;
                }
                text.append(' ');
            } else if (c == '\\') {
                escaped();
            } else if (c == '"') {
                quoted = !quoted;
                add(c);
            } else if (quoted) {
                add(c);
            } else if (c == ';') {
                skipComment();
            } else if (c == '(' || c == ')') {
                depth += c == '(' ? 1 : -1;
                if (depth < 0) {
                    throw fault(line, "a parenthesis is closed that was not opened");
                }
                text.append(' ');
            } else {
                add(c);
            }
        }
    }

    private void escaped() throws IOException {
        int next = read();
        if (next == END || next == '\n') {
            throw fault(line, "nothing after the escape character \\");
        }
        if (next < 0x80) {
            text.append('\\');
        }
        add(next);
        blank = false;
    }

    private void skipComment() throws IOException {
        int c = read();
        while (c != END && c != '\n') {
            c = read();
        }
        pushed = c;
    }

    private void add(int octet) {
        if (octet < 0x80) {
            text.append((char) octet);
            blank &= octet == ' ' || octet == '\t' || octet == '\r';
            return;
        }
        // As an escape, because what reads on would take it for a character and encode it as UTF-8 once more.
        text.append('\\').append((char) ('0' + octet / 100)).append((char) ('0' + octet / 10 % 10));
        text.append((char) ('0' + octet % 10));
        blank = false;
    }

    private int read() throws IOException {
        int c = pushed;
        pushed = END;
        return c == END ? in.read() : c;
    }

    private IOException fault(int at, String reason) {
        return new IOException(file + ":" + at + ": " + reason);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
