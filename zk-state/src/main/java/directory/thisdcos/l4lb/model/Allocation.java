package directory.thisdcos.l4lb.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The addresses of a name, for as long as the name lives.
 *
 * @param address its IPv4 address
 * @param address6 its IPv6 address, once it has had an IPv6 backend
 * @param status whether the name lives
 * @param since when the status began, in milliseconds since the epoch
 * @param owner who caused it: the app or task that first declared the name
 */
public record Allocation(ServiceName name, Ip address, Optional<Ip> address6, Status status, long since, String owner) {

    /** Whether an allocation is in use. */
    public enum Status {
        /** The name is declared and resolves. */
        ALLOCATED,
        /** The name is gone; its addresses stay reserved until old connections and caches are over. */
        QUARANTINED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Allocation {
        if (!address.isV4() || address6.filter(Ip::isV4).isPresent()) {
            throw new IllegalArgumentException("addresses of " + name + " are of the wrong family");
        }
    }

    public boolean isAllocated() {
        return status == Status.ALLOCATED;
    }

    /** The addresses, IPv4 first. */
    public List<Ip> addresses() {
        return address6.map(six -> List.of(address, six)).orElseGet(() -> List.of(address));
    }
}
