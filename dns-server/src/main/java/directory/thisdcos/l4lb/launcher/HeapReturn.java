package directory.thisdcos.l4lb.launcher;

import com.sun.management.HotSpotDiagnosticMXBean;
import directory.thisdcos.l4lb.model.State;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the collector give memory back for a while after the table has grown or shrunk, and then leaves the queries alone:
 * they make no garbage, so a collection each half minute would stop them for nothing. Whether there are such collections
 * at all is for the command line of the JVM to say. Safe for every thread.
 */
final class HeapReturn {
    private static final Logger log = LoggerFactory.getLogger(HeapReturn.class);

    /** Milliseconds without a collection after which G1 makes one; 0 for never. It may be set at any time. */
    static final String OPTION = "G1PeriodicGCInterval";

    /** A cycle of G1 takes four of the launcher's intervals until its memory is the system's. */
    private static final Duration QUIET = Duration.ofSeconds(150);
    /** What part of the table must have come or gone. */
    private static final int PART = 10;

    private final long quietNanos;
    private final Consumer<Boolean> periodic;
    private int size;
    private long changedAt;
    private boolean off = true;

    HeapReturn() {
        this(QUIET, new Option(OPTION)::set);
    }

    /** @param periodic told to stop the collections and to begin them again; not told to begin them at first */
    HeapReturn(Duration quiet, Consumer<Boolean> periodic) {
        this.quietNanos = quiet.toNanos();
        this.periodic = periodic;
    }

    /** Never waits, and at the start of the program does nothing but note the time. */
    synchronized void served(State table) {
        if (Math.abs(table.size() - size) * PART <= size) {
            return;
        }
        boolean isFirst = size == 0;
        size = table.size();
        changedAt = System.nanoTime();
        if (off) {
            off = false;
            if (!isFirst) {
                periodic.accept(true);
            }
            checkAfter(quietNanos);
        }
    }

    private void checkAfter(long nanos) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(this::check);
    }

    private synchronized void check() {
        long left = quietNanos - (System.nanoTime() - changedAt);
        if (left > 0) {
            checkAfter(left);
        } else {
            off = true;
            periodic.accept(false);
        }
    }

    /** A number among the JVM's options: what the command line says, or 0. */
    static final class Option {
        private final String name;
        private String configured = "0";

        Option(String name) {
            this.name = name;
        }

        void set(boolean on) {
            HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            try {
                if (!on) {
                    configured = machine.getVMOption(name).getValue();
                }
                machine.setVMOption(name, on ? configured : "0");
            } catch (RuntimeException e) {
                // Another JVM, which has no such option: then it makes no such collections either.
                log.debug("the JVM's option {} is not to be set: {}", name, e.toString());
            }
        }
    }
}
