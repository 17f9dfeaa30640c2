package directory.thisdcos.l4lb.launcher.cli;

import directory.thisdcos.l4lb.dns.resolvconf.ServerCheck;
import directory.thisdcos.l4lb.model.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether this machine's addresses and its neighbours are as the node needs them. */
final class NetworkChecks {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int DNS_PORT = 53;

    private NetworkChecks() {}

    /** Ours, free, or somebody else's. */
    static Finding listen(Endpoint listen) {
        String check = "DNS at " + listen;
        if (ServerCheck.answers(listen)) {
            return Finding.ok(check, "our server answers");
        }
        InetSocketAddress address = new InetSocketAddress(listen.ip().toInetAddress(), listen.port());
        try (DatagramSocket udp = new DatagramSocket(null);
                ServerSocket tcp = new ServerSocket()) {
            udp.bind(address);
            tcp.setReuseAddress(true);
            tcp.bind(address);
            return Finding.ok(check, "free");
        } catch (BindException e) {
            String text = String.valueOf(e.getMessage());
            if (text.contains("ermission")) {
                return Finding.warning(check, "this user may not listen there", "start it by its systemd unit");
            }
            return text.contains("in use")
                    ? Finding.failure(
                            check,
                            "another program listens there",
                            "see which with: ss -lnptu 'sport = :" + listen.port()
                                    + "'; stop it, or choose another --dns-listen")
                    : Finding.failure(check, text, "choose an address of this machine for --dns-listen");
        } catch (IOException e) {
            return Finding.failure(check, String.valueOf(e.getMessage()), "choose another --dns-listen");
        }
    }

    /** Each server of {@code HOST:PORT,…[/path]}. */
    static List<Finding> zooKeeper(String connect) {
        List<Finding> findings = new ArrayList<>();
        for (String server : connect.replaceFirst("/.*", "").split(",", -1)) {
            findings.add(connect("ZooKeeper " + server, server.strip()));
        }
        return findings;
    }

    private static Finding connect(String check, String server) {
        int colon = server.lastIndexOf(':');
        String port = colon < 0 ? "2181" : server.substring(colon + 1);
        String host = (colon < 0 ? server : server.substring(0, colon)).replaceAll("[\\[\\]]", "");
        if (!port.matches("[0-9]{1,5}") || host.isEmpty()) {
            return Finding.failure(check, "is no HOST:PORT", "write --zookeeper HOST:PORT,HOST:PORT,...");
        }
        long began = System.nanoTime();
        try (Socket socket = new Socket()) {
            InetAddress first = InetAddress.getAllByName(host)[0];
            socket.connect(new InetSocketAddress(first, Integer.parseInt(port)), PATIENCE_MILLIS);
            return Finding.ok(check, "reached in " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
        } catch (IOException e) {
            return Finding.failure(
                    check, "cannot be reached: " + e.getMessage(), "start it, or let this machine through to it");
        }
    }

    static Finding resolver(Path root, List<Endpoint> listen) {
        String check = "/etc/resolv.conf";
        try {
            String first = Files.readAllLines(root.resolve("etc/resolv.conf")).stream()
                    .filter(line -> line.startsWith("nameserver"))
                    .map(line -> line.substring("nameserver".length()).strip())
                    .findFirst()
                    .orElse("");
            boolean ours = listen.stream()
                    .anyMatch(endpoint -> endpoint.port() == DNS_PORT
                            && endpoint.ip().toString().equals(first));
            return ours
                    ? Finding.ok(check, "asks our server first")
                    : Finding.warning(
                            check,
                            "asks " + (first.isEmpty() ? "nobody" : first) + " first, which may not know our names",
                            "l4lb resolv-conf --dns-listen ADDR:53 --install");
        } catch (IOException e) {
            return Finding.warning(check, "cannot be read", "l4lb resolv-conf --dns-listen ADDR:53 --install");
        }
    }
}
