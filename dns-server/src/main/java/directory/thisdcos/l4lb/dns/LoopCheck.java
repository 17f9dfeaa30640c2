package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.model.Endpoint;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Refuses upstreams that are ourselves: each query would come back until the machine has nothing else to do. */
final class LoopCheck {

    private LoopCheck() {}

    static void check(List<Endpoint> listen, List<Endpoint> upstreams) {
        for (Endpoint upstream : upstreams) {
            for (Endpoint own : listen) {
                if (own.port() == upstream.port() && own.port() != 0 && reaches(own, upstream)) {
                    throw new IllegalArgumentException("the upstream " + upstream + " is this DNS server itself (it "
                            + "listens on " + own + "), so queries would go round in circles; name another resolver");
                }
            }
        }
    }

    /** Whether a resolver at an address would be this server. */
    static boolean isOurs(List<Endpoint> listen, Endpoint upstream) {
        return listen.stream().anyMatch(own -> own.port() == upstream.port() && reaches(own, upstream));
    }

    private static boolean reaches(Endpoint own, Endpoint upstream) {
        if (own.ip().equals(upstream.ip())) {
            return true;
        }
        InetAddress target = upstream.ip().toInetAddress();
        // Linux connects the wildcard address to the machine itself.
        return own.ip().toInetAddress().isAnyLocalAddress() && (target.isAnyLocalAddress() || isLocal(target));
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
