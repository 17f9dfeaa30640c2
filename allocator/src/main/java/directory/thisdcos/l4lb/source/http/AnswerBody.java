package directory.thisdcos.l4lb.source.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** A body with a size and a time limit, which fails with {@link HttpFailure} only. */
final class AnswerBody extends InputStream {
    private final InputStream in;
    private final String server;
    private final long maxBytes;
    private final Optional<Duration> total;
    private final long begin = System.nanoTime();
    private long count;

    AnswerBody(InputStream in, String server, HttpCall call) {
        this.in = in;
        this.server = server;
        this.maxBytes = call.maxBytes();
        this.total = call.total();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(into, offset, length);
        } catch (IOException e) {
            throw HttpFailure.of(server, e);
        } catch (IllegalStateException e) {
            // The client's stream says so when another thread closed the connection.
            throw new HttpFailure(HttpFailure.Reason.CUT, server + ": the connection was closed", e);
        }
        if (read > 0) {
            count += read;
        }
        if (count > maxBytes) {
            throw new HttpFailure(
                    HttpFailure.Reason.TOO_LARGE, server + ": the answer is larger than " + maxBytes + " octets");
        }
        if (total.isPresent() && System.nanoTime() - begin > total.get().toNanos()) {
            throw new HttpFailure(
                    HttpFailure.Reason.TIMEOUT,
                    server + ": the answer did not end within " + total.get().toSeconds() + " s");
        }
        return read;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
