package directory.thisdcos.l4lb.source.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token in a file, which may be replaced at any time: it is read again when a server refuses the one sent last.
 *
 * <p>The file holds the token alone, sent as DC/OS wants it ({@code token=TOKEN}), or a whole header value with its
 * scheme ({@code Bearer TOKEN}).
 */
public final class TokenFile implements Authorization {
    private static final Pattern WITH_SCHEME = Pattern.compile("(?s)(token=|[A-Za-z][A-Za-z0-9-]* )\\S.*");
    private static final long MAX_BYTES = 64 << 10;

    private final Path file;
    private volatile String header;

    /** Reads the file; the exception's message names it and the fix. */
    public TokenFile(Path file) throws IOException {
        this.file = file;
        this.header = read(file);
    }

    @Override
    public Optional<String> header() {
        return Optional.of(header);
    }

    @Override
    public boolean renewed(String refused) throws HttpFailure {
        try {
            header = read(file);
        } catch (IOException e) {
            throw new HttpFailure(HttpFailure.Reason.LOGIN, String.valueOf(e.getMessage()), e);
        }
        return !header.equals(refused);
    }

    private static String read(Path file) throws IOException {
        String text = SecretFiles.read(file, MAX_BYTES).strip();
        if (text.isEmpty() || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IOException("the token file " + file + " must hold one line: the token");
        }
        return WITH_SCHEME.matcher(text).matches() ? text : "token=" + text;
    }

    @Override
    public String toString() {
        return "token of " + file;
    }
}
