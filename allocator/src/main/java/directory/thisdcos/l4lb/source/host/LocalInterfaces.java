package directory.thisdcos.l4lb.source.host;

import directory.thisdcos.l4lb.model.Ip;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The addresses of this machine. */
final class LocalInterfaces {
    private LocalInterfaces() {}

    static boolean has(Ip ip) {
        try {
            return ip.toInetAddress().isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(ip.toInetAddress()) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
