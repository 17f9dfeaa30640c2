package directory.thisdcos.l4lb.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A backend: {@code EchoServer NAME PORT} answers each line of each connection with its name and the line. */
final class EchoServer {

    private EchoServer() {}

    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[1]), 128)) {
            System.out.println("listening");
            while (true) {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(name, socket), "connection");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(String name, Socket socket) {
        try (socket;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                socket.getOutputStream().write((name + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client went away; so does this connection.
        }
    }
}
