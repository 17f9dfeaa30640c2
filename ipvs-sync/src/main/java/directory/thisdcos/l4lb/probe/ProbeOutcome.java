package directory.thisdcos.l4lb.probe;

/** What came of one probe of a neighbour's machine. */
enum ProbeOutcome {
    /** The program there took the connection. */
    ANSWERED,
    /** The machine's kernel refused it: the program is not there, but the machine is, and its tasks may be. */
    REFUSED,
    /** Nothing came back in time, or a router said that there is nothing. */
    LOST,
    /** This machine could not ask, or was too late to tell; says nothing of the neighbour. */
    UNKNOWN
}
