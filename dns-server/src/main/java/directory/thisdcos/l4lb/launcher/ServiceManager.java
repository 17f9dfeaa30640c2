package directory.thisdcos.l4lb.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how we are (sd_notify(3)): ready, stopping, and, where the unit has a watchdog, that we still do our work.
 * Without {@code NOTIFY_SOCKET} in the environment it does nothing. Java has no datagrams on Unix sockets, hence libc.
 */
final class ServiceManager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    /** Octets of sockaddr_un: the family and sun_path. */
    private static final int ADDRESS = 2 + 108;

    /** Public because the class that jnr-ffi generates lives in a class loader of its own. Buffers are direct. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        @ssize_t
        long sendto(int fd, @In ByteBuffer bytes, @size_t long length, int flags, @In ByteBuffer to, int toLength);

        int close(int fd);
    }

    private final Optional<String> socket;
    private final Optional<Duration> watchdog;
    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean succeeded;

    private ServiceManager(Optional<String> socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    static ServiceManager of(Map<String, String> environment) {
        Optional<String> socket =
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(path -> path.matches("[/@].+"));
        Optional<Duration> watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(text))));
        return new ServiceManager(socket, watchdog);
    }

    /** From now on the unit counts as started; {@code alive} is asked twice in each interval of the watchdog. */
    void ready(BooleanSupplier alive) {
        if (socket.isEmpty()) {
            return;
        }
        send("READY=1\nSTATUS=serving");
        watchdog.ifPresent(interval -> {
            thread = new Thread(() -> watch(interval.dividedBy(2), alive), "systemd");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Another process of the unit takes our place: our end is not the unit's. Only the main process may say so. */
    void succeededBy(long pid) {
        succeeded = true;
        socket.ifPresent(path -> send("MAINPID=" + pid));
    }

    private void watch(Duration interval, BooleanSupplier alive) {
        while (!closed) {
            if (alive.getAsBoolean()) {
                send("WATCHDOG=1");
            } else {
                log.error("this process does not do its work; systemd will start it again unless it recovers");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(String state) {
        try {
            send(socket.orElseThrow(), state);
        } catch (IOException e) {
            log.warn("systemd could not be told '{}': {}", state.replace('\n', ' '), e.getMessage());
        }
    }

    private static void send(String path, String state) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length >= ADDRESS - 2) {
            throw new IOException("NOTIFY_SOCKET is too long");
        }
        if (name[0] == '@') {
            name[0] = 0; // an abstract socket, unix(7)
        }
        ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS).order(java.nio.ByteOrder.nativeOrder());
        address.putShort((short) AF_UNIX).put(name).flip();
        ByteBuffer text = ByteBuffer.allocateDirect(state.length());
        text.put(state.getBytes(StandardCharsets.US_ASCII)).flip();
        Calls libc = LibraryLoader.create(Calls.class).load("c");
        int fd = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("no socket");
        }
        try {
            if (libc.sendto(fd, text, text.limit(), 0, address, address.limit()) < 0) {
                throw new IOException("nobody listens at NOTIFY_SOCKET");
            }
        } finally {
            libc.close(fd);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        if (!succeeded) {
            socket.ifPresent(path -> send("STOPPING=1"));
        }
    }
}
