package directory.thisdcos.l4lb.source.marathon;

import java.util.Locale;

/** What the states of Mesos tasks, of Marathon's instances, and of pod containers come down to. */
public enum TaskState {
    /** It is about to run: staging, starting, or a state unknown here. */
    PREPARING,
    RUNNING,
    KILLING,
    /** Its agent cannot be reached; it may come back. */
    UNREACHABLE,
    /** It will not come back. */
    OVER;

    /** Reads {@code TASK_RUNNING}, {@code Running} or {@code RUNNING}. */
    public static TaskState of(String text) {
        String state = text.toUpperCase(Locale.ROOT);
        return switch (state.startsWith("TASK_") ? state.substring("TASK_".length()) : state) {
            case "RUNNING" -> RUNNING;
            case "KILLING" -> KILLING;
            case "UNREACHABLE", "UNREACHABLEINACTIVE" -> UNREACHABLE;
            case "FINISHED", "FAILED", "KILLED", "LOST", "ERROR", "DROPPED", "GONE", "GONE_BY_OPERATOR", "TERMINAL" ->
                OVER;
            default -> PREPARING;
        };
    }
}
