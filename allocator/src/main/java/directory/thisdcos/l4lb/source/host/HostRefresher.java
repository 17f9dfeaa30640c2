package directory.thisdcos.l4lb.source.host;

import directory.thisdcos.l4lb.source.HostAddresses;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that resolve names for all sources, and ask again for each name from time to time. */
public final class HostRefresher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HostRefresher.class);

    /** A name server that does not answer holds a thread for seconds; the names behind it must not wait for long. */
    private static final int THREADS = 16;

    private static final int IDLE_SECONDS = 60;
    private static final int EVERY_SECONDS = 5;

    private final ThreadPoolExecutor lookups = new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("host-lookup"));

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons("host-refresh"));
    private final HostAddresses hosts;

    public HostRefresher(HostAddresses.Lookup lookup, InstantSource clock) {
        lookups.allowCoreThreadTimeOut(true);
        hosts = new HostAddresses(lookup, clock, lookups);
        var unused = timer.scheduleWithFixedDelay(this::refresh, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** Never waits for a resolver. */
    public HostAddresses hosts() {
        return hosts;
    }

    private void refresh() {
        try {
            hosts.refresh();
        } catch (RuntimeException e) {
            log.error("host names cannot be asked for again", e);
        }
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
        lookups.shutdownNow();
    }
}
