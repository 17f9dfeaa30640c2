package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses that no fixed VIP may have. Each VIP is a local route on every node: a node would take packets for such an
 * address itself, and so cut itself off from whoever has it. Immutable.
 */
public final class DangerousAddresses {

    private static final Map<IpRange, String> RANGES = ranges();

    private final Map<Ip, String> reasons;

    /** With the addresses that the configuration and this machine need, and why. */
    public DangerousAddresses(Map<Ip, String> reasons) {
        this.reasons = Map.copyOf(reasons);
    }

    /** With further ones; a reason that is known already stays. */
    DangerousAddresses with(Map<Ip, String> more) {
        Map<Ip, String> all = new HashMap<>(more);
        all.putAll(reasons);
        return new DangerousAddresses(all);
    }

    /** Why the address is dangerous, as the end of a sentence: "it is …". */
    Optional<String> reason(Ip ip) {
        return RANGES.entrySet().stream()
                .filter(range -> range.getKey().contains(ip))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> Optional.ofNullable(reasons.get(ip)));
    }

    private static Map<IpRange, String> ranges() {
        Map<IpRange, String> ranges = new LinkedHashMap<>();
        ranges.put(IpRange.parse("0.0.0.0/8"), "not a host's address (RFC 1122 §3.2.1.3)");
        ranges.put(IpRange.parse("127.0.0.0/8"), "a loopback address");
        ranges.put(IpRange.parse("169.254.0.0/16"), "a link-local address");
        ranges.put(IpRange.parse("224.0.0.0/4"), "a multicast address");
        ranges.put(IpRange.parse("255.255.255.255/32"), "the broadcast address");
        ranges.put(IpRange.parse("::/128"), "the unspecified address");
        ranges.put(IpRange.parse("::1/128"), "the loopback address");
        ranges.put(IpRange.parse("::ffff:0:0/96"), "an IPv4-mapped address; write it as IPv4");
        ranges.put(IpRange.parse("fe80::/10"), "a link-local address");
        ranges.put(IpRange.parse("ff00::/8"), "a multicast address");
        return ranges;
    }
}
