package directory.thisdcos.l4lb.ipvs;

/** What becomes of the kernel's setting net.ipv4.vs.run_estimation. */
public enum Estimation {
    /** It is as it is; a problem says when it costs too much. */
    KEEP,
    /** Services and servers have counters and rates, whatever it costs. */
    ON,
    /** They have none. */
    OFF
}
