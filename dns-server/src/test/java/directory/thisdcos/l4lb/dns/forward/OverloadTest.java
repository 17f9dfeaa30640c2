package directory.thisdcos.l4lb.dns.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** An upstream that says nothing, and clients that ask it a lot. */
class OverloadTest {

    @Test
    void ourOwnNamesAreAnsweredWhileNothingElseIs() throws IOException {
        try (HostileUpstream silent = HostileUpstream.start("silent", true);
                ForwardingBed bed = ForwardingBed.start(List.of(silent.endpoint()));
                DatagramSocket flood = new DatagramSocket()) {
            // Over TCP: what the kernel drops from a full UDP buffer is not what is tested here.
            SimpleResolver client = bed.client();
            client.setTCP(true);
            long worst = 0;
            for (int i = 0; i < 6_000; i++) {
                byte[] wire =
                        ForwardingBed.query("n" + i + ".example.org.", Type.A).toWire();
                flood.send(new DatagramPacket(
                        wire,
                        wire.length,
                        InetAddress.getLoopbackAddress(),
                        bed.endpoint().port()));
                if (i % 500 == 499) {
                    Message query = ForwardingBed.query("web.marathon.l4lb.thisdcos.directory.", Type.A);
                    long took = ForwardingBed.millis(
                            () -> assertEquals("NOERROR 11.0.0.1", ForwardingBed.text(client.send(query))));
                    worst = Math.max(worst, took);
                }
            }
            assertTrue(worst < 1_000, "own name: " + worst + " ms");
            Message query = ForwardingBed.query("one.more.example.org.", Type.A);
            long other = ForwardingBed.millis(() -> assertEquals("SERVFAIL", ForwardingBed.text(client.send(query))));
            assertTrue(other < 3_600, "other name: " + other + " ms");
        }
    }
}
