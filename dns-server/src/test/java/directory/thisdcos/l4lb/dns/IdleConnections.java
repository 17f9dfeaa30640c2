package directory.thisdcos.l4lb.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A program of its own, because both ends of so many connections are more than one process may hold. */
final class IdleConnections {
    private IdleConnections() {}

    /** Opens {@code COUNT} connections to {@code PORT} of the loopback address, says so, and holds them until it is told. */
    public static void main(String[] arguments) throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            open.add(SocketChannel.open(server));
        }
        System.out.println("open " + open.size());
        while (System.in.read() >= 0) {
            // Until the test ends.
        }
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
