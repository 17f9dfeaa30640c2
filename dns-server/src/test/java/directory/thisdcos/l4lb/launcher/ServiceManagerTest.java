package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a socket in systemd's place. */
@Timeout(60)
final class ServiceManagerTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    /** The other end; public for jnr-ffi. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @In ByteBuffer address, int length);

        @ssize_t
        long recv(int fd, @Out ByteBuffer bytes, @size_t long length, int flags);

        int close(int fd);
    }

    private final Calls libc = LibraryLoader.create(Calls.class).load("c");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private Path path = Path.of("");
    private int socket;

    @BeforeEach
    void bind() {
        path = temp.resolve("notify");
        socket = libc.socket(AF_UNIX, SOCK_DGRAM, 0);
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer address = ByteBuffer.allocateDirect(110).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_UNIX).put(name).flip();
        assertEquals(0, libc.bind(socket, address, address.limit()));
    }

    @AfterEach
    void close() {
        libc.close(socket);
    }

    private String receive() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1_000);
        byte[] text = new byte[(int) libc.recv(socket, bytes, bytes.capacity(), 0)];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Test
    void readyIsToldAndTheWatchdogIsFedWhileTheWorkIsDone() {
        AtomicBoolean alive = new AtomicBoolean(true);
        try (ServiceManager systemd =
                ServiceManager.of(Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "20000"))) {
            systemd.ready(alive::get);
            assertTrue(receive().startsWith("READY=1\n"));
            assertEquals("WATCHDOG=1", receive());
            assertEquals("WATCHDOG=1", receive());
            alive.set(false);
        }
        String last = receive();
        while (last.equals("WATCHDOG=1")) {
            last = receive();
        }
        assertEquals("STOPPING=1", last);
    }

    @Test
    void whoIsReplacedNamesTheNextOneAndDoesNotStopTheUnit() {
        try (ServiceManager systemd = ServiceManager.of(Map.of("NOTIFY_SOCKET", path.toString()))) {
            systemd.ready(() -> true);
            assertTrue(receive().startsWith("READY=1\n"));
            systemd.succeededBy(4711);
            assertEquals("MAINPID=4711", receive());
        }
        try (ServiceManager next = ServiceManager.of(Map.of("NOTIFY_SOCKET", path.toString()))) {
            next.ready(() -> true);
            assertTrue(receive().startsWith("READY=1\n"), "nothing came between");
        }
    }

    @Test
    void withoutSystemdNothingHappens() {
        try (ServiceManager nobody = ServiceManager.of(Map.of())) {
            nobody.ready(() -> {
                throw new AssertionError("nobody asks");
            });
        }
        try (ServiceManager gone = ServiceManager.of(Map.of("NOTIFY_SOCKET", temp.resolve("none") + ""))) {
            gone.ready(() -> true);
        }
    }
}
