package directory.thisdcos.l4lb.source;

/**
 * How a source's connection is.
 *
 * @param detail one line: to what it is connected, or why not and what is tried next; no secrets
 */
public record SourceHealth(Status status, String detail) {

    /** Whether what the source said is what exists. */
    public enum Status {
        /** It has not told everything yet. */
        CONNECTING,
        /** It tells of each change as it happens. */
        LIVE,
        /** It told everything once and cannot be reached now: what it said stays in force. */
        STALE
    }
}
