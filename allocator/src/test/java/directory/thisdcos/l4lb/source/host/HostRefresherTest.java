package directory.thisdcos.l4lb.source.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostRefresherTest {

    @Test
    void nobodyWaitsForANameServer() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        HostAddresses.Lookup slow = host -> {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
            if (host.equals("no")) {
                throw new UnknownHostException(host);
            }
            return List.of(Ip.of("10.0.0.1"));
        };
        try (HostRefresher refresher = new HostRefresher(slow, InstantSource.system())) {
            HostAddresses hosts = refresher.hosts();
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            hosts.addListener(told::add);
            assertEquals(Optional.empty(), hosts.resolve("node"));
            assertFalse(hosts.isSettled("node"));
            assertEquals(Optional.empty(), hosts.resolve("node"), "asked once");
            answer.countDown();
            assertEquals("node", told.poll(10, TimeUnit.SECONDS));
            assertEquals(Optional.of(Ip.of("10.0.0.1")), hosts.resolve("node"));
            assertEquals(1, hosts.changes());

            assertEquals(Optional.empty(), hosts.resolve("no"));
            assertEquals("no", told.poll(10, TimeUnit.SECONDS), "a first failure is told too");
            assertTrue(hosts.isSettled("no"));
            assertEquals(1, hosts.changes());
        }
    }
}
