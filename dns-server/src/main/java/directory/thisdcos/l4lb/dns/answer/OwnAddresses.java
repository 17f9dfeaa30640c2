package directory.thisdcos.l4lb.dns.answer;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The addresses of this machine's interfaces, whatever network they are from: a program here that asks us at one of them
 * has that one as its own address too. Read again now and then, when somebody unknown asks. Safe for every thread.
 */
final class OwnAddresses {
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private Set<InetAddress> addresses = Set.of();
    private long readNanos = System.nanoTime() - REFRESH_NANOS;

    synchronized boolean contains(InetAddress address) {
        long now = System.nanoTime();
        if (now - readNanos >= REFRESH_NANOS) {
            readNanos = now;
            try {
                addresses = NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .collect(Collectors.toUnmodifiableSet());
            } catch (SocketException e) {
                addresses = Set.of();
            }
        }
        return addresses.contains(address);
    }
}
