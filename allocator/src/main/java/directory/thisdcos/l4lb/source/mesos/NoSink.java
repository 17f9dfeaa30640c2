package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.SourceHealth;
import directory.thisdcos.l4lb.source.SourceSink;
import directory.thisdcos.l4lb.source.SourceUpdate;

/** Hears what a source says before it is started: nothing. */
enum NoSink implements SourceSink {
    INSTANCE;

    @Override
    public void accept(SourceUpdate update) {}

    @Override
    public void health(String source, SourceHealth health) {}
}
