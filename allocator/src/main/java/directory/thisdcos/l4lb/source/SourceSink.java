package directory.thisdcos.l4lb.source;

/** Where sources tell what they know. Safe for every thread; returns at once. */
public interface SourceSink {

    /** Takes a step. The steps of one source must come in order, one at a time. */
    void accept(SourceUpdate update);

    /** Takes how a source's connection is now; only a change of it has an effect. */
    void health(String source, SourceHealth health);
}
