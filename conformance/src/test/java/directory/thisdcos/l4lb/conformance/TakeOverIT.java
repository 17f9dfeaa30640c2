package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A process takes the place of another one while a client asks without a pause and without a second try. */
final class TakeOverIT {
    private static final String NAME = "foo.marathon.l4lb.thisdcos.directory.";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());

    private RunningProgram start(String dns, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "standalone",
                "--apps",
                temp.resolve("apps").toString(),
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                dns,
                "--admin-listen",
                "127.0.0.1:0",
                "--ipvs",
                "plan"));
        arguments.addAll(List.of(more));
        return RunningProgram.start(temp, arguments.toArray(String[]::new));
    }

    @Test
    void noQueryIsLostAndTheOldProcessEnds() throws Exception {
        Files.createDirectory(temp.resolve("apps"));
        Files.writeString(temp.resolve("apps/foo.json"), """
                {"id": "/foo", "portDefinitions": [{"port": 1, "protocol": "tcp", "labels": {"VIP_0": "/foo:80"}}],
                 "tasks": [{"id": "foo.1", "appId": "/foo", "host": "10.9.0.1", "ports": [1], "state": "TASK_RUNNING"}]}
                """);
        try (RunningProgram old = start("127.0.0.1:0")) {
            int port = old.dnsPort();
            Await.until("the name", SOON, () -> ask(port).equals("NOERROR 1"));
            Await.until("the table file", SOON, () -> Files.exists(temp.resolve("data/table")));
            Thread client = new Thread(() -> askOn(port), "client");
            client.start();
            try (RunningProgram next = start("127.0.0.1:" + port, "--take-over")) {
                assertEquals(0, old.exitCode());
                int enough = answered.get() + 200;
                Await.until("answers of the next one", SOON, () -> answered.get() > enough);
                assertEquals(port, next.dnsPort());
            } finally {
                over.set(true);
                client.join();
            }
        }
        assertEquals(List.of(), lost);
    }

    private void askOn(int port) {
        while (!over.get()) {
            String answer = ask(port);
            if (answer.equals("NOERROR 1")) {
                answered.incrementAndGet();
            } else if (!over.get()) {
                lost.add(answer);
            }
        }
    }

    /** From a port of its own each time: that is by which the kernel chooses a socket. */
    private static String ask(int port) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            Message query = Message.newQuery(Record.newRecord(Name.fromString(NAME), Type.A, DClass.IN));
            query.getHeader().unsetFlag(Flags.RD);
            byte[] bytes = query.toWire();
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return Rcode.string(answer.getData()[3] & 0xf) + " " + answer.getData()[7];
        } catch (IOException e) {
            return e.toString();
        }
    }
}
