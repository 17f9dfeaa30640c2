package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import java.util.List;

/**
 * A virtual service as the kernel has it now.
 *
 * @param name by which clients know it, {@code web.marathon.l4lb.thisdcos.directory:80}; empty for a service that is not
 *     in the table
 * @param address the first where clients meet it
 * @param protocol {@code tcp}, {@code udp}, {@code sctp}, or {@code fwm} for a firewall mark
 * @param fwmark 0 for none
 * @param flags of the scheduler, such as {@code sh-fallback}; {@code ops} for one-packet scheduling
 * @param persistenceSeconds 0 for none
 */
public record ServiceCounters(
        String name,
        Endpoint address,
        String protocol,
        int fwmark,
        String scheduler,
        List<String> flags,
        int persistenceSeconds,
        Counters counters,
        List<Server> servers) {

    public ServiceCounters {
        flags = List.copyOf(flags);
        servers = List.copyOf(servers);
    }

    /**
     * A real server.
     *
     * @param method {@code nat}, {@code direct}, {@code ipip}, {@code gue}, {@code gre}, {@code local}
     * @param active established and half-open connections
     * @param inactive all others that the kernel still remembers, and all of UDP
     */
    public record Server(
            Endpoint address,
            String method,
            int weight,
            int upperThreshold,
            int lowerThreshold,
            long active,
            long inactive,
            long persistent,
            Counters counters) {}
}
