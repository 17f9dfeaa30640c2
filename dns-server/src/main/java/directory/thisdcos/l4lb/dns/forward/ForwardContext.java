package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.util.function.Predicate;

/**
 * What all exchanges share.
 *
 * @param local whether a name is in a zone of ours, about which no upstream has a say
 */
record ForwardContext(
        Forwarder.Sockets sockets, Links links, Entropy entropy, ForwardMetrics metrics, Predicate<Name> local) {}
