package directory.thisdcos.l4lb.conformance.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A socket that asks one server on the loopback address and waits for each answer. */
final class Asking implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int IMPATIENT_MILLIS = 60;
    private static final int TRIES = 3;

    private final DatagramSocket socket;
    private final byte[] buffer = new byte[65_535];

    Asking(int port) {
        try {
            socket = new DatagramSocket();
            socket.connect(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getPort();
    }

    /** The response with the query's id; empty if there is none after several tries. */
    Optional<byte[]> ask(byte[] query) {
        return ask(query, TIMEOUT_MILLIS, TRIES);
    }

    /** For a query that may well be dropped. */
    Optional<byte[]> askOnce(byte[] query) {
        return ask(query, IMPATIENT_MILLIS, 1);
    }

    /** The response over TCP, on a connection of its own. */
    Optional<byte[]> askOverTcp(byte[] query) {
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), socket.getPort())) {
            tcp.setSoTimeout(TIMEOUT_MILLIS * TRIES);
            ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
            tcp.getOutputStream()
                    .write(framed.putShort((short) query.length).put(query).array());
            DataInputStream in = new DataInputStream(tcp.getInputStream());
            return Optional.of(in.readNBytes(in.readUnsignedShort()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> ask(byte[] query, int timeoutMillis, int tries) {
        for (int i = 0; i < tries; i++) {
            try {
                socket.setSoTimeout(timeoutMillis);
                socket.send(new DatagramPacket(query, query.length));
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    if (packet.getLength() >= 2
                            && query.length >= 2
                            && buffer[0] == query[0]
                            && buffer[1] == query[1]) {
                        return Optional.of(Arrays.copyOf(buffer, packet.getLength()));
                    }
                }
            } catch (SocketTimeoutException e) {
                // Lost, or dropped on purpose: asked again.
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        socket.close();
    }
}
