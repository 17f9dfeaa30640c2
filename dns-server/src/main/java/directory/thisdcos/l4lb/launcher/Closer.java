package directory.thisdcos.l4lb.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, in reverse; a part that fails to close does not keep the others open. */
final class Closer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Closer.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable resource) {}

    synchronized <T extends AutoCloseable> T add(String name, T resource) {
        parts.push(new Part(name, resource));
        return resource;
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.resource().close();
            } catch (Exception e) {
                log.warn("{} did not close cleanly", part.name(), e);
            }
        }
    }
}
