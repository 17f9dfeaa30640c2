package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.VipValue;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A label that asks for a VIP on one protocol.
 *
 * @param value the label's value, verbatim
 * @param options what stands beside it
 */
public record VipLabel(ServiceKey key, String value, VipOptions options) {

    /** Problem kind of a label that gives no VIP because of its text. */
    public static final String INVALID = "invalid-label";

    private static final String PORT_PREFIX = "vip_port";
    private static final int MAX_INDEX_DIGITS = 5;

    /** Its declaration by whoever carries it. */
    public Origin origin(String source, String framework, String owner) {
        return new Origin(source, framework, owner, value).with(options.balancing());
    }

    /** Whether a port's label asks for a VIP: its key begins with VIP, in any case. */
    public static boolean isVipKey(String key) {
        return key.regionMatches(true, 0, "vip", 0, 3);
    }

    /** The value of a port's label: {@code /my-service:5555}. */
    public static VipLabel parse(String value, Protocol protocol, String framework, VipOptions options)
            throws InvalidVipException {
        VipValue vip = VipValue.parse(value);
        return new VipLabel(new ServiceKey(vip.target(framework), protocol, vip.port()), value, options);
    }

    /** Whether a task's label has the form {@code vip_port0}, as Minuteman knew it. */
    public static boolean isPortIndexKey(String key) {
        return key.regionMatches(true, 0, PORT_PREFIX, 0, PORT_PREFIX.length());
    }

    /** The N of {@code vip_portN}, an index into the task's host ports. */
    public static OptionalInt portIndex(String key) {
        String digits = key.substring(PORT_PREFIX.length());
        boolean isNumber = !digits.isEmpty()
                && digits.length() <= MAX_INDEX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /** The value of a task's label: {@code tcp://1.2.3.4:5000}. */
    public static VipLabel parseUrl(String value, String framework, VipOptions options) throws InvalidVipException {
        int end = value.indexOf("://");
        Optional<Protocol> protocol = end < 0
                ? Optional.empty()
                : Protocol.parse(value.substring(0, end).toLowerCase(Locale.ROOT));
        if (protocol.isEmpty()) {
            throw new InvalidVipException(
                    "'" + value + "' does not begin with tcp://, udp:// or sctp://; write it as tcp://NAME:PORT");
        }
        VipValue vip = VipValue.parse(value.substring(end + 3));
        return new VipLabel(new ServiceKey(vip.target(framework), protocol.get(), vip.port()), value, options);
    }
}
