package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpCall;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One {@code SUBSCRIBE} stream of a master. One thread reads it; any may close it. */
final class MasterStream {
    private static final String PATH = "/api/v1";

    private final HttpAnswer answer;
    private final ArrivalStream in;
    private volatile String closedBecause = "";

    MasterStream(HttpAnswer answer) {
        this.answer = answer;
        this.in = new ArrivalStream(answer.body());
    }

    /**
     * The request that opens it, which is the first one that a master gets: a look around before it could meet another
     * master.
     *
     * <p>Asked for JSON, a master frames it with RecordIO too (Mesos, docs/operator-http-api.md).
     */
    static HttpCall subscribe(Duration silence) {
        return HttpCall.stream(
                "POST", PATH, Map.of("Accept", "application/json"), Optional.of("{\"type\":\"SUBSCRIBE\"}"), silence);
    }

    String server() {
        return answer.server();
    }

    Duration silentFor() {
        return Duration.ofNanos(System.nanoTime() - in.arrivedNanos());
    }

    /** Lets {@link #read} fail at once. */
    void close(String because) {
        closedBecause = because;
        answer.close();
    }

    /**
     * Hands on each record until the stream ends.
     *
     * @param subscribed called after the first, which holds the whole cluster
     */
    void read(StreamReader reader, Runnable subscribed) throws IOException {
        try {
            reader.read(in, subscribed);
        } catch (IOException e) {
            throw explained(e);
        }
    }

    private IOException explained(IOException e) {
        if (!closedBecause.isEmpty()) {
            return new IOException(server() + ": " + closedBecause, e);
        }
        if (JsonCursor.isMalformed(e)) {
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return new IOException(server() + ": a record of the stream is no JSON: " + what, e);
        }
        return e instanceof RecordIoException ? new IOException(server() + ": " + e.getMessage(), e) : e;
    }
}
