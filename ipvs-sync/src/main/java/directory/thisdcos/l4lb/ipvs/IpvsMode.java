package directory.thisdcos.l4lb.ipvs;

/** What the engine may do. */
public enum IpvsMode {
    /** {@link #ON} where it is possible, otherwise {@link #PLAN} with the reason. */
    AUTO,
    /** Writes to the kernel; refuses to start where it cannot. */
    ON,
    /** Shows what it would write. */
    PLAN,
    /** Does nothing. */
    OFF
}
