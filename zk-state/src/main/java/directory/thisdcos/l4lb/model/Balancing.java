package directory.thisdcos.l4lb.model;

/**
 * How the kernel spreads the connections of one virtual service; the same for all its backends.
 *
 * @param scheduler how it picks a backend
 * @param hashPort whether a scheduler that hashes the client hashes its port too: without, all connections of a client
 *     go to one backend; true for every other scheduler
 * @param method how packets reach the backend
 * @param tunnelPort UDP port of a GUE tunnel, 1 to 65535; 0 for every other method
 * @param persistenceSeconds how long a client stays with its backend after its last connection, up to 31 days; 0 for not
 *     at all
 * @param onePacket whether each datagram is scheduled by itself (UDP only)
 * @param upperThreshold connections at which a backend gets no more; 0 for no limit
 * @param lowerThreshold connections below which it gets some again; 0 for three quarters of the upper one
 * @param fwmark the firewall mark that packets to this service get, and that is the kernel's virtual service for all
 *     ports of the name that have it; 0 for none
 * @param care what each node does by itself about the backends' weights
 */
public record Balancing(
        Scheduler scheduler,
        boolean hashPort,
        ForwardingMethod method,
        int tunnelPort,
        int persistenceSeconds,
        boolean onePacket,
        int upperThreshold,
        int lowerThreshold,
        int fwmark,
        Care care) {

    public static final Balancing DEFAULT = of(Scheduler.WLC);

    static final int MAX_PERSISTENCE_SECONDS = 31 * 24 * 3600;
    private static final int MAX_PORT = 65535;

    /** "l4lb" in ASCII: the mark of a service that no packet may ever meet. */
    public static final int RESERVED_FWMARK = 0x6c346c62;

    /**
     * @throws IllegalArgumentException the values do not go together; the message names the one to change
     */
    public Balancing {
        check(
                hashPort || scheduler.hashes(),
                "the scheduler " + scheduler.text() + " does not hash clients; only sh and mh have flags");
        check(
                persistenceSeconds >= 0 && persistenceSeconds <= MAX_PERSISTENCE_SECONDS,
                "persistence of " + persistenceSeconds + " s is not within 0-" + MAX_PERSISTENCE_SECONDS);
        check(
                method == ForwardingMethod.GUE ? tunnelPort > 0 && tunnelPort <= MAX_PORT : tunnelPort == 0,
                method == ForwardingMethod.GUE
                        ? "a GUE tunnel needs a port within 1-" + MAX_PORT + ", not " + tunnelPort
                        : "the method " + method.text() + " has no tunnel port");
        check(upperThreshold >= 0 && lowerThreshold >= 0, "a threshold must not be below 0");
        check(
                lowerThreshold <= upperThreshold,
                "the lower threshold " + lowerThreshold + " is above the upper one, " + upperThreshold);
        check(
                fwmark >= 0 && fwmark != RESERVED_FWMARK,
                "the firewall mark " + fwmark + " is below 0 or this program's own");
        check(
                !onePacket || persistenceSeconds == 0,
                "one-packet scheduling and persistence exclude each other; drop one");
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** With a scheduler, and defaults for all else. */
    public static Balancing of(Scheduler scheduler) {
        return new Balancing(scheduler, true, ForwardingMethod.NAT, 0, 0, false, 0, 0, 0, Care.NONE);
    }

    /** Whether all but the scheduler is as {@link #of} has it. */
    boolean isPlain() {
        return hashPort
                && method == ForwardingMethod.NAT
                && tunnelPort == 0
                && persistenceSeconds == 0
                && !onePacket
                && upperThreshold == 0
                && lowerThreshold == 0
                && fwmark == 0
                && care.equals(Care.NONE);
    }

    /** One that hashes the client's port, or does not hash at all. */
    public Balancing withScheduler(Scheduler other) {
        return new Balancing(
                other,
                true,
                method,
                tunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
    }

    public Balancing withHashPort(boolean on) {
        return new Balancing(
                scheduler,
                on,
                method,
                tunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
    }

    public Balancing withMethod(ForwardingMethod other, int otherTunnelPort) {
        return new Balancing(
                scheduler,
                hashPort,
                other,
                otherTunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
    }

    public Balancing withPersistence(int seconds) {
        return new Balancing(
                scheduler,
                hashPort,
                method,
                tunnelPort,
                seconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
    }

    public Balancing withOnePacket(boolean on) {
        return new Balancing(
                scheduler,
                hashPort,
                method,
                tunnelPort,
                persistenceSeconds,
                on,
                upperThreshold,
                lowerThreshold,
                fwmark,
                care);
    }

    public Balancing withThresholds(int upper, int lower) {
        return new Balancing(
                scheduler, hashPort, method, tunnelPort, persistenceSeconds, onePacket, upper, lower, fwmark, care);
    }

    public Balancing withCare(Care other) {
        return new Balancing(
                scheduler,
                hashPort,
                method,
                tunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                fwmark,
                other);
    }

    public Balancing withFwmark(int mark) {
        return new Balancing(
                scheduler,
                hashPort,
                method,
                tunnelPort,
                persistenceSeconds,
                onePacket,
                upperThreshold,
                lowerThreshold,
                mark,
                care);
    }
}
