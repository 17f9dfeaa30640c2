package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import java.time.Instant;

/**
 * A removed server that keeps its open connections.
 *
 * @param service its service in the kernel, such as {@code 11.0.0.1:80/tcp}
 * @param name of the service; empty if the table has it no more
 * @param deadline when it goes at the latest
 */
public record DrainStatus(String service, String name, Endpoint server, Instant deadline) {}
