package directory.thisdcos.l4lb.model;

import java.util.Locale;

/** What is known of a backend's health. Only {@link #HEALTHY} and {@link #UNCHECKED} ones get new connections. */
public enum Health {
    /** Every declared check passes. */
    HEALTHY,
    /** No check is declared; the task runs. */
    UNCHECKED,
    /** A check is declared and has not given a result yet. */
    PENDING,
    /** A check fails. */
    UNHEALTHY,
    /** It became unhealthy too often: held back until it has been healthy for a while. */
    FLAPPING,
    /** Its machine is gone, as several witnesses say; what else is known of it keeps its weight for its return. */
    UNREACHABLE,
    /** The task is being killed, or an operator drains it: connections live on, no new ones come. */
    DRAINING;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Whether new connections may come. */
    public boolean eligible() {
        return this == HEALTHY || this == UNCHECKED;
    }

    public String text() {
        return text;
    }
}
