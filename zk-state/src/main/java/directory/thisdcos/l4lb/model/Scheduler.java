package directory.thisdcos.l4lb.model;

import java.util.Optional;

/** An IPVS scheduler; the text is the kernel's module name without {@code ip_vs_} (ipvsadm(8), option -s). */
public enum Scheduler {
    /** Weighted least connections: the default, as in dcos-net. */
    WLC("wlc"),
    /** Least connections, whatever the weights. */
    LC("lc"),
    /** In turn. */
    RR("rr"),
    /** In turn, by weight. */
    WRR("wrr"),
    /** By the client's address, and port. */
    SH("sh"),
    /** By the client's address, and port, so that few clients move when backends come or go (Maglev). */
    MH("mh"),
    /** By the virtual address. */
    DH("dh"),
    /** Shortest expected delay. */
    SED("sed"),
    /** An idle backend, or the shortest expected delay. */
    NQ("nq"),
    /** The backend with the highest weight, until it goes. */
    FO("fo"),
    /** The backend with the highest weight, until it has as many connections as that. */
    OVF("ovf"),
    /** The better of two picked at random. */
    TWOS("twos");

    private final String text;

    Scheduler(String text) {
        this.text = text;
    }

    /** The name that the kernel knows, at most 15 octets. */
    public String text() {
        return text;
    }

    /** The scheduler with this name, in any case. */
    public static Optional<Scheduler> parse(String text) {
        for (Scheduler scheduler : values()) {
            if (scheduler.text.equalsIgnoreCase(text)) {
                return Optional.of(scheduler);
            }
        }
        return Optional.empty();
    }

    /** Whether it hashes clients, so that a backend of weight 0 would refuse its share of them. */
    public boolean hashes() {
        return this == SH || this == MH;
    }
}
