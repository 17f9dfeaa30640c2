package directory.thisdcos.l4lb.ipvs;

/** What becomes of a service that somebody else made at an address of ours. */
public enum ForeignServices {
    /** It stays, and a problem says so. */
    REPORT,
    /** It is reported, and removed when a second audit finds it too. */
    REMOVE
}
