package directory.thisdcos.l4lb.source;

import java.io.IOException;
import java.util.function.Consumer;

/** Something that knows which services and backends exist: a folder of apps, a Marathon, a Mesos master. */
public interface Source extends AutoCloseable {

    /** What identifies it in backends and origins, such as {@code apps:/etc/l4lb/apps}. */
    String id();

    /**
     * Starts to watch. The sink is called from the source's own thread with each new snapshot.
     *
     * @throws IOException if the source cannot work as it is configured; the message is one line for the operator
     */
    void start(Consumer<SourceSnapshot> sink) throws IOException;

    /** Stops to watch; the sink is not called after the return. */
    @Override
    void close();
}
