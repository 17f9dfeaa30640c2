package directory.thisdcos.l4lb.source.mesos;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Hands each record of a {@code SUBSCRIBE} stream to a mirror. */
final class StreamReader {
    private final String source;
    private final MirrorFeed feed;
    private final MesosMetrics metrics;

    StreamReader(String source, MirrorFeed feed, MesosMetrics metrics) {
        this.source = source;
        this.feed = feed;
        this.metrics = metrics;
    }

    /**
     * Reads until the stream ends.
     *
     * @param subscribed called after the first record, which holds the whole cluster
     */
    void read(ArrivalStream in, Runnable subscribed) throws IOException {
        RecordIo records = new RecordIo(in, RecordIo.DEFAULT_MAX_OCTETS);
        EventReader reader = feed.newReader();
        long counted = 0;
        boolean live = false;
        for (Optional<InputStream> next = records.next(); next.isPresent(); next = records.next()) {
            long received = in.arrivedNanos();
            EventReader.Typed typed = reader.read(next.get());
            metrics.event(source, typed.type());
            metrics.received(source, in.octets() - counted);
            counted = in.octets();
            if (typed.event() instanceof MasterEvent.Subscribed state) {
                feed.subscribed(state, received);
                subscribed.run();
                live = true;
            } else if (live) {
                feed.apply(typed.event(), received);
            } else {
                metrics.ignored(source, "before-subscribed");
            }
        }
    }
}
