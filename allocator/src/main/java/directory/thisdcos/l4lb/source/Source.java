package directory.thisdcos.l4lb.source;

import java.io.IOException;

/** Something that knows which services and backends exist: a folder of apps, a Marathon, a Mesos master. */
public interface Source extends AutoCloseable {

    /** What identifies it in backends and origins, such as {@code apps:/etc/l4lb/apps}. */
    String id();

    /**
     * Starts to watch. The sink is told from the source's own threads: first how the connection is, then all units,
     * then each change.
     *
     * @throws IOException if the source cannot work as it is configured; the message is one line for the operator
     */
    void start(SourceSink sink) throws IOException;

    /** Stops to watch; the sink is not told anything after the return. */
    @Override
    void close();
}
