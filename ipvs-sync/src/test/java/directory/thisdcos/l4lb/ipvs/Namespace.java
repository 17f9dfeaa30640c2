package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jnr.ffi.LibraryLoader;
import org.jspecify.annotations.Nullable;

/** Runs code on a thread of its own inside a network namespace: sockets made there belong to it for good (setns(2)). */
final class Namespace {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Calls LIBC = LibraryLoader.create(Calls.class).load("c");

    /** Public for jnr-ffi. */
    public interface Calls {
        int open(String path, int flags);

        int setns(int fd, int type);

        int close(int fd);
    }

    private Namespace() {}

    /** In the namespace that {@code ip netns add NAME} made; an empty name is the host's own. */
    static <T> T in(String name, Callable<T> code) throws IOException {
        if (name.isEmpty()) {
            return call(new FutureTask<>(code), null);
        }
        return call(new FutureTask<>(code), "/run/netns/" + name);
    }

    private static <T> T call(FutureTask<T> task, @Nullable String path) throws IOException {
        Thread thread = new Thread(() -> {
            if (path != null) {
                int fd = LIBC.open(path, 0);
                assertEquals(0, LIBC.setns(fd, CLONE_NEWNET), path);
                LIBC.close(fd);
            }
            task.run();
        });
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
