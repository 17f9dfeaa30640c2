package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.ServiceName;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the giver of an order believes of a name's allocation: the value of the header If-Match (RFC 9110 §13.1.1), or
 * nothing.
 */
public record Expectation(Optional<String> ifMatch) {

    /** Of whom it is all the same. */
    public static final Expectation NONE = new Expectation(Optional.empty());

    /** The entity tag of an allocation, with its quotes. */
    public static String tag(Allocation allocation) {
        return "\"" + Long.toHexString(allocation.digest()) + "\"";
    }

    /** Refuses an order whose giver saw something else. */
    void check(ServiceName name, Optional<Allocation> current) throws OrderRefusedException {
        if (ifMatch.isEmpty()) {
            return;
        }
        boolean isMet = current.isPresent()
                && Arrays.stream(ifMatch.get().split(",", -1))
                        .map(String::strip)
                        // A proxy that compresses weakens a tag.
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(tag(current.get())));
        if (!isMet) {
            throw new OrderRefusedException(
                    OrderRefusedException.Kind.OUTDATED,
                    "If-Match",
                    name
                            + current.map(held -> " is now " + held.status().text() + " with " + held.addresses() + ", "
                                            + tag(held))
                                    .orElse(" has no address")
                            + "; read it again and decide anew");
        }
    }

    /** Refuses to change what clients depend on for somebody who does not say that he knows it. */
    void require(Allocation held) throws OrderRefusedException {
        if (ifMatch.isEmpty()) {
            throw new OrderRefusedException(
                    OrderRefusedException.Kind.UNCONDITIONAL,
                    "If-Match",
                    held.name() + " has " + held.addresses() + "; moving it cuts off who knows the old address; to do"
                            + " it, send If-Match: " + tag(held));
        }
    }
}
