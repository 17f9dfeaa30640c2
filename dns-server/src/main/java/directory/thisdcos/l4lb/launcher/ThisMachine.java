package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this machine is called by others. */
final class ThisMachine {
    private static final Logger log = LoggerFactory.getLogger(ThisMachine.class);

    private ThisMachine() {}

    /** Its host name; {@code localhost} if it has none. */
    static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            log.debug("this machine's name is not known", e);
            return "localhost";
        }
    }

    /** Where this machine itself reaches what listens at an address: loopback, if that is every address. */
    static Endpoint reachable(Endpoint listen) {
        if (!listen.ip().toInetAddress().isAnyLocalAddress()) {
            return listen;
        }
        return new Endpoint(Ip.of(listen.ip().isV4() ? "127.0.0.1" : "::1"), listen.port());
    }

    /** The addresses of its interfaces, sorted. */
    static List<Ip> addresses() {
        return names().stream()
                .flatMap(name -> Ip.parse(name).stream())
                .sorted()
                .toList();
    }

    /** Its host name and the addresses of its interfaces, as sources may name it as an agent. */
    static Set<String> names() {
        Set<String> names = new HashSet<>();
        try {
            names.add(InetAddress.getLocalHost().getHostName());
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .forEach(address -> names.add(address.getHostAddress()));
        } catch (SocketException | UnknownHostException e) {
            log.debug("this machine's names are not all known", e);
        }
        return names;
    }
}
