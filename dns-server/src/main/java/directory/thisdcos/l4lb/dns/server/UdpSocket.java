package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LastError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound UDP socket that is used by system call. */
final class UdpSocket implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UdpSocket.class);
    private static final Ip LOOPBACK_V4 = Ip.of("127.0.0.1");
    private static final Ip LOOPBACK_V6 = Ip.of("::1");
    private static final int BUFFER = 4 << 20;
    private static final byte[] ON = number(1);

    private final UdpCalls.Calls calls = UdpCalls.calls();
    private final int fd;
    private final Endpoint address;
    private boolean closed;

    private UdpSocket(int fd, Endpoint address) {
        this.fd = fd;
        this.address = address;
    }

    /** Binds an address with its port; several sockets may have it, and the kernel spreads the clients over them. */
    static UdpSocket bind(Endpoint address) throws IOException {
        UdpCalls.Calls calls = UdpCalls.calls();
        boolean v4 = address.ip().isV4();
        int fd =
                calls.socket(v4 ? UdpCalls.AF_INET : UdpCalls.AF_INET6, UdpCalls.SOCK_DGRAM | UdpCalls.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw error();
        }
        try {
            set(calls, fd, UdpCalls.SO_REUSEPORT, ON);
            setBuffer(calls, fd, UdpCalls.SO_RCVBUFFORCE, UdpCalls.SO_RCVBUF);
            setBuffer(calls, fd, UdpCalls.SO_SNDBUFFORCE, UdpCalls.SO_SNDBUF);
            // A second: how long a close may go unnoticed if waking should fail.
            set(calls, fd, UdpCalls.SO_RCVTIMEO, timeval(1));
            if (isAny(address)) {
                askForDestination(calls, fd, v4);
            }
            byte[] name = name(address);
            if (calls.bind(fd, name, name.length) < 0) {
                throw error();
            }
            return new UdpSocket(fd, address);
        } catch (IOException e) {
            calls.close(fd);
            throw e;
        }
    }

    private static boolean isAny(Endpoint address) {
        return address.ip().toInetAddress().isAnyLocalAddress();
    }

    private static void askForDestination(UdpCalls.Calls calls, int fd, boolean v4) throws IOException {
        int result = v4
                ? calls.setsockopt(fd, UdpCalls.IPPROTO_IP, UdpCalls.IP_PKTINFO, ON, ON.length)
                : calls.setsockopt(fd, UdpCalls.IPPROTO_IPV6, UdpCalls.IPV6_RECVPKTINFO, ON, ON.length);
        if (result < 0) {
            throw error();
        }
    }

    private static void set(UdpCalls.Calls calls, int fd, int option, byte[] value) throws IOException {
        if (calls.setsockopt(fd, UdpCalls.SOL_SOCKET, option, value, value.length) < 0) {
            throw error();
        }
    }

    /** Beyond the machine's limit if we may; up to it otherwise. */
    private static void setBuffer(UdpCalls.Calls calls, int fd, int forced, int plain) throws IOException {
        byte[] size = number(BUFFER);
        if (calls.setsockopt(fd, UdpCalls.SOL_SOCKET, forced, size, size.length) < 0) {
            set(calls, fd, plain, size);
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    private static byte[] timeval(long seconds) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(seconds)
                .putLong(0)
                .array();
    }

    private static byte[] name(Endpoint address) {
        boolean v4 = address.ip().isV4();
        ByteBuffer name = ByteBuffer.allocate(v4 ? 16 : 28);
        name.order(ByteOrder.nativeOrder()).putShort((short) (v4 ? UdpCalls.AF_INET : UdpCalls.AF_INET6));
        name.order(ByteOrder.BIG_ENDIAN).putShort((short) address.port());
        if (!v4) {
            name.putInt(0);
        }
        return name.put(address.ip().octets()).array();
    }

    private static IOException error() {
        return new IOException(UdpCalls.calls().strerror(LastError.getLastError(UdpCalls.runtime())));
    }

    /**
     * Whether the kernel takes a packet of several answers apart; one that knows nothing of it (before Linux 4.18) would send
     * them as one.
     */
    boolean takesApart() {
        byte[] none = number(0);
        return calls.setsockopt(fd, UdpCalls.SOL_UDP, UdpCalls.UDP_SEGMENT, none, none.length) == 0;
    }

    /** Whether each message tells which of the machine's addresses it was sent to. */
    boolean isWildcard() {
        return isAny(address);
    }

    /** Waits for a message; how many there were, or less than 1 if there is nothing to do. */
    int receive(MessageSlots slots) {
        return calls.recvmmsg(fd, slots.header(0), slots.count(), UdpCalls.MSG_WAITFORONE, 0);
    }

    /** Takes the messages that are there already; how many, or less than 1 if there are none. */
    int receiveWaiting(MessageSlots slots) {
        return calls.recvmmsg(fd, slots.header(0), slots.count(), UdpCalls.MSG_DONTWAIT, 0);
    }

    /**
     * Gets no more messages: the kernel gives them to other sockets of the address, of this process or another. What has
     * arrived can still be read and answered. Connected to itself, the socket is for one client only, which nobody is
     * (Linux, udp4_lib_lookup2 and reuseport_select_sock_by_hash).
     */
    void leave() {
        Endpoint self =
                isWildcard() ? new Endpoint(address.ip().isV4() ? LOOPBACK_V4 : LOOPBACK_V6, address.port()) : address;
        byte[] name = name(self);
        if (calls.connect(fd, name, name.length) < 0) {
            log.warn("the socket of {} cannot be taken out of service: {}", address, error().getMessage());
        }
    }

    /** Sends the slots from {@code from} up to {@code to}; one that cannot be sent is left out. */
    void send(MessageSlots slots, int from, int to) {
        int next = from;
        while (next < to) {
            int sent = calls.sendmmsg(fd, slots.header(next), to - next, 0);
            next += sent > 0 ? sent : 1;
        }
    }

    /** Sends headers in memory; how many until the first that cannot be sent. */
    int send(long headers, int count) {
        return Math.max(0, calls.sendmmsg(fd, headers, count, 0));
    }

    /** Ends a waiting {@link #receive}. */
    void wake() {
        calls.shutdown(fd, UdpCalls.SHUT_RD);
    }

    /** Closed twice, the number could be another socket's by then. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }
}
