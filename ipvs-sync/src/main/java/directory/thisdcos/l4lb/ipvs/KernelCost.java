package directory.thisdcos.l4lb.ipvs;

/**
 * What services may cost the kernel.
 *
 * @param estimation of time, for counters and rates
 * @param maglevMebibytes of memory, for the tables of services with the scheduler mh
 */
public record KernelCost(Estimation estimation, int maglevMebibytes) {
    /** Services and servers whose counters a kernel before 6.2 adds up without a wait that packets notice. */
    public static final int MANY_ESTIMATED = 2_000;

    public static final KernelCost DEFAULT = new KernelCost(Estimation.KEEP, 128);

    /** 4093 pointers (ip_vs_mh.c: IP_VS_MH_TAB_SIZE as distributions build it), and what an allocation adds. */
    private static final int SERVICES_PER_MEBIBYTE = 32;

    public KernelCost {
        if (maglevMebibytes < 0 || maglevMebibytes > Integer.MAX_VALUE / SERVICES_PER_MEBIBYTE) {
            throw new IllegalArgumentException("memory for mh must be at least 0 MiB, not " + maglevMebibytes);
        }
    }

    int maglevServices() {
        return maglevMebibytes * SERVICES_PER_MEBIBYTE;
    }
}
