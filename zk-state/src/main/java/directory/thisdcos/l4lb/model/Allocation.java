package directory.thisdcos.l4lb.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The addresses of a name, for as long as the name lives.
 *
 * @param address its IPv4 address
 * @param address6 its IPv6 address, once it has had an IPv6 backend
 * @param status whether the name lives
 * @param since when the status began, in milliseconds since the epoch
 * @param owner who caused it: the app or task that first declared the name, or the operator who reserved it
 * @param hold what an operator did to it
 */
public record Allocation(
        ServiceName name, Ip address, Optional<Ip> address6, Status status, long since, String owner, Hold hold) {

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

    /** Without an operator's doing. */
    public Allocation(ServiceName name, Ip address, Optional<Ip> address6, Status status, long since, String owner) {
        this(name, address, address6, status, since, owner, Hold.NONE);
    }

    /** In another state since a time; in the same one nothing changes. */
    public Allocation withStatus(Status newStatus, long newSince) {
        return newStatus == status ? this : new Allocation(name, address, address6, newStatus, newSince, owner, hold);
    }

    public Allocation withAddresses(Ip newAddress, Optional<Ip> newAddress6) {
        return new Allocation(name, newAddress, newAddress6, status, since, owner, hold);
    }

    public Allocation withHold(Hold newHold) {
        return new Allocation(name, address, address6, status, since, owner, newHold);
    }

    public boolean isAllocated() {
        return status == Status.ALLOCATED;
    }

    /** The addresses, IPv4 first. */
    public List<Ip> addresses() {
        return address6.map(six -> List.of(address, six)).orElseGet(() -> List.of(address));
    }

    /** Those, and the former ones that are in quarantine: what nobody else may get. */
    public List<Ip> occupied() {
        return hold.former().isEmpty()
                ? addresses()
                : Stream.concat(addresses().stream(), hold.former().stream().map(Hold.Former::address))
                        .toList();
    }

    /** Equal on every machine for equal content, and other for other content, as far as 64 bits can tell. */
    public long digest() {
        return Digest.of(this);
    }
}
