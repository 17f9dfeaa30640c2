package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Ip;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this machine's interfaces, with the reason why no fixed VIP may be one of them. */
final class LocalAddresses {
    private static final Logger log = LoggerFactory.getLogger(LocalAddresses.class);

    private LocalAddresses() {}

    static Map<Ip, String> now() {
        Map<Ip, String> addresses = new HashMap<>();
        try {
            NetworkInterface.networkInterfaces()
                    .forEach(link -> link.inetAddresses()
                            .map(InetAddress::getAddress)
                            .forEach(octets ->
                                    addresses.put(Ip.of(octets), "this machine's own, at " + link.getName())));
        } catch (SocketException e) {
            log.debug("cannot list the interfaces: {}", e.toString());
        }
        return addresses;
    }
}
