package directory.thisdcos.l4lb.ipvs;

/**
 * What the kernel has counted for a service or a server since it was made: 64 bits each. Rates are the kernel's estimates
 * over the last seconds; they are 0 where net.ipv4.vs.run_estimation is off.
 *
 * @param inPackets towards the servers
 */
public record Counters(
        long connections,
        long inPackets,
        long outPackets,
        long inBytes,
        long outBytes,
        long connectionsPerSecond,
        long inPacketsPerSecond,
        long outPacketsPerSecond,
        long inBytesPerSecond,
        long outBytesPerSecond) {}
