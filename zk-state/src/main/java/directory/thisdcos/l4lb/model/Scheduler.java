package directory.thisdcos.l4lb.model;

/** An IPVS scheduler; the text is the kernel's module name without {@code ip_vs_}. */
public enum Scheduler {
    /** Weighted least connections: the default, as in dcos-net. */
    WLC("wlc");

    private final String text;

    Scheduler(String text) {
        this.text = text;
    }

    /** The name that the kernel knows, at most 15 octets. */
    public String text() {
        return text;
    }
}
