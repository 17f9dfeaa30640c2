package directory.thisdcos.l4lb.netlink;

import directory.thisdcos.l4lb.model.Prefix;

/**
 * A route of type {@code local} in table {@code local}: what it covers is this host's own.
 *
 * @param protocol who set it (rtm_protocol)
 * @param link index of the device, 1 for lo
 */
public record Route(Prefix destination, int protocol, int link) {
    /** LOOPBACK_IFINDEX (include/net/flow.h): lo has it in every network namespace. */
    public static final int LOOPBACK = 1;
}
