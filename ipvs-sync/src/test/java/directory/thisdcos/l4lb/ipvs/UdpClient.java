package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/** A socket that asks {@link UdpServer}s behind one virtual address. */
final class UdpClient implements AutoCloseable {
    private static final int LONGEST = 64;

    private final DatagramSocket socket;
    private int questions;

    private UdpClient(DatagramSocket socket) {
        this.socket = socket;
    }

    /** @param sourcePort 0 for one that the kernel chooses */
    static UdpClient open(String namespace, String ip, int port, int sourcePort, int timeoutMillis) throws IOException {
        return Namespace.in(namespace, () -> openHere(ip, port, sourcePort, timeoutMillis));
    }

    /** In the namespace of this thread. */
    static UdpClient openHere(String ip, int port, int sourcePort, int timeoutMillis) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(sourcePort));
        try {
            socket.setSoTimeout(timeoutMillis);
            socket.connect(new InetSocketAddress(Ip.of(ip).toInetAddress(), port));
            return new UdpClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a question and does not wait for an answer. */
    String send() throws IOException {
        String question = "q" + questions++;
        byte[] out = question.getBytes(US_ASCII);
        socket.send(new DatagramPacket(out, out.length));
        return question;
    }

    /** The name of the server that answers; answers to earlier questions are passed over. */
    String ask() throws IOException {
        String question = send();
        byte[] in = new byte[LONGEST];
        while (true) {
            DatagramPacket answer = new DatagramPacket(in, in.length);
            socket.receive(answer);
            String text = new String(in, 0, answer.getLength(), US_ASCII);
            if (text.endsWith(" " + question)) {
                return text.substring(0, text.length() - question.length() - 1);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
