package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An address that is served by a socket and a thread for each core. */
record BatchedUdpListener(List<BatchedUdp> threads) implements UdpListener {

    static BatchedUdpListener open(Endpoint address, Engine engine, int count) throws IOException {
        List<UdpSocket> sockets = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(UdpSocket.bind(address));
            }
        } catch (IOException e) {
            sockets.forEach(UdpSocket::close);
            throw e;
        }
        List<BatchedUdp> threads = new ArrayList<>(count);
        for (UdpSocket socket : sockets) {
            threads.add(new BatchedUdp(engine, socket, "dns-udp-" + address + "-" + threads.size()));
        }
        return new BatchedUdpListener(threads);
    }

    @Override
    public void close() {
        // All first: a client must not be moved to a thread that is next.
        threads.forEach(BatchedUdp::leave);
        threads.forEach(BatchedUdp::close);
    }
}
