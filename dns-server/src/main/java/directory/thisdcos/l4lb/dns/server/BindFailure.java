package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Why an address cannot be bound, in one line that names it, the protocol and the fix. */
final class BindFailure {
    private BindFailure() {}

    /**
     * Throws if another socket listens at the address, even one that would share it: a socket that does not share is
     * refused there.
     */
    static void checkFree(Endpoint address) throws IOException {
        ProtocolFamily family = address.ip().isV4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try (SocketChannel probe = SocketChannel.open(family)) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            probe.bind(new InetSocketAddress(address.ip().toInetAddress(), address.port()));
        } catch (IOException e) {
            throw of(address, "TCP", e);
        }
    }

    static IOException of(Endpoint address, String protocol, Throwable cause) {
        return new IOException(
                "cannot listen on " + address + " (" + protocol + "): "
                        + reason(String.valueOf(cause.getMessage()), address),
                cause);
    }

    private static String reason(String message, Endpoint address) {
        if (message.contains("in use")) {
            return "another program uses this port; stop it (\"ss -lnp sport = :" + address.port()
                    + "\" shows it) or choose another address or port";
        }
        if (message.contains("ermission denied")) {
            return "permission denied: ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; "
                    + "or choose a higher port";
        }
        if (message.contains("assign requested address")) {
            return "no interface of this machine has the address; add it or choose another";
        }
        return message;
    }
}
