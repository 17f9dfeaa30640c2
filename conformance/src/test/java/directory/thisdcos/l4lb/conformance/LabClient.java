package directory.thisdcos.l4lb.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A client in a network namespace: {@code LabClient DNS-SERVER SOURCE,…}. It reads one command a line and answers one
 * line each:
 *
 * <pre>
 *   resolve NAME              the address, or the rcode
 *   connect ADDRESS PORT N    {be1=3, be2=4, refused=1}: N connections one after the other, from each source in turn
 *   open ID ADDRESS PORT      the backend's name; the connection stays
 *   say ID TEXT               what the backend answers on it, or why it does not
 * </pre>
 */
final class LabClient {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String dnsServer;
    private final List<String> sources;
    private final Map<String, Socket> open = new HashMap<>();

    private LabClient(String dnsServer, List<String> sources) {
        this.dnsServer = dnsServer;
        this.sources = sources;
    }

    public static void main(String[] arguments) throws IOException {
        LabClient client = new LabClient(arguments[0], List.of(arguments[1].split(",", -1)));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(client.answer(line.split(" ", -1)));
        }
    }

    private String answer(String[] command) {
        try {
            return switch (command[0]) {
                case "resolve" -> resolve(command[1]);
                case "connect" ->
                    connect(command[1], Integer.parseInt(command[2]), Integer.parseInt(command[3]))
                            .toString();
                case "open" -> open(command[1], command[2], Integer.parseInt(command[3]));
                case "say" -> say(Objects.requireNonNull(open.get(command[1])), command[2]);
                default -> "unknown command";
            };
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String resolve(String name) throws IOException {
        SimpleResolver resolver = new SimpleResolver(dnsServer);
        Record question = Record.newRecord(Name.fromString(name + "."), Type.A, DClass.IN);
        Message answer = resolver.send(Message.newQuery(question));
        for (Record record : answer.getSection(Section.ANSWER)) {
            if (record instanceof ARecord a) {
                return a.getAddress().getHostAddress();
            }
        }
        return org.xbill.DNS.Rcode.string(answer.getRcode());
    }

    private Map<String, Integer> connect(String address, int port, int times) {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            String outcome;
            try (Socket socket = dial(sources.get(i % sources.size()), address, port)) {
                outcome = say(socket, "hello").split(" ", -1)[0];
            } catch (java.net.ConnectException e) {
                outcome = String.valueOf(e.getMessage()).contains("refused") ? "refused" : "timeout";
            } catch (IOException e) {
                outcome = e.getClass().getSimpleName();
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
        return outcomes;
    }

    private String open(String id, String address, int port) throws IOException {
        Socket socket = dial(sources.get(0), address, port);
        open.put(id, socket);
        return say(socket, "hello").split(" ", -1)[0];
    }

    private static Socket dial(String source, String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), TIMEOUT_MILLIS);
        return socket;
    }

    private static String say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            if (c < 0) {
                return "closed";
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
