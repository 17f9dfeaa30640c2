package directory.thisdcos.l4lb.source.marathon;

/** What a task's health checks said, all together. */
public enum CheckResult {
    /** Nothing is known of any. */
    NONE,
    /** One has not given a result yet. */
    PENDING,
    ALIVE,
    /** One failed. */
    DEAD
}
