package directory.thisdcos.l4lb.source;

/**
 * All that a source says now; replaces what it said before.
 *
 * @param source the source's id
 * @param complete whether the source has seen everything at least once since it started; until then, what it does not
 *     mention may still exist
 */
public record SourceSnapshot(String source, boolean complete, Declarations declarations) {}
