package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceHealth.Status;
import directory.thisdcos.l4lb.source.SourceSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the connection is; tells the sink when that changes. Safe for every thread. */
final class LinkState {
    private static final Logger log = LoggerFactory.getLogger(LinkState.class);

    private final String source;
    private final SourceSink sink;
    private boolean everSynced;
    private boolean attached;
    private String server = "";
    private SourceHealth told = new SourceHealth(Status.CONNECTING, "");

    LinkState(String source, SourceSink sink) {
        this.source = source;
        this.sink = sink;
    }

    synchronized void begin() {
        tell(new SourceHealth(Status.CONNECTING, "connecting"));
    }

    /** A stream of events is open; {@code server} is whose. */
    synchronized void attached(String newServer) {
        attached = true;
        server = newServer;
    }

    /** Everything was read. */
    synchronized void synced() {
        everSynced = true;
        if (attached) {
            tell(new SourceHealth(Status.LIVE, "events of " + server));
        }
    }

    /** The stream ended, or could not be opened. */
    synchronized void lost(String reason) {
        attached = false;
        failed(reason);
    }

    /** Something did not work although the stream may be there. */
    synchronized void failed(String reason) {
        tell(new SourceHealth(everSynced ? Status.STALE : Status.CONNECTING, reason));
    }

    private void tell(SourceHealth health) {
        if (!health.equals(told)) {
            if (health.status() != told.status()) {
                log.info("source={} is {}: {}", source, health.status(), health.detail());
            }
            told = health;
            sink.health(source, health);
        }
    }
}
