package directory.thisdcos.l4lb.ipvs;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A {@link Client} that never stops talking to its server, on a thread of its own. */
final class Talk implements AutoCloseable {
    private final String name;
    private final Client client;
    private final Thread thread;
    private final AtomicInteger echoes = new AtomicInteger();
    private volatile boolean ends;
    private volatile @Nullable String failure;

    private Talk(String name, Client client) {
        this.name = name;
        this.client = client;
        thread = new Thread(this::talk, "talk " + name);
    }

    static Talk begin(String namespace, String ip, int port) throws IOException {
        String from = namespace.isEmpty() ? "host" : namespace;
        Talk talk = new Talk(from + " to " + ip, Client.connect(namespace, ip, port));
        talk.thread.start();
        return talk;
    }

    private void talk() {
        try {
            while (!ends) {
                if (!client.echoes()) {
                    failure = name + ": another answer after " + echoes + " echoes";
                    return;
                }
                echoes.incrementAndGet();
                Thread.sleep(2);
            }
        } catch (IOException e) {
            failure = name + ": " + e + " after " + echoes + " echoes";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many more questions were answered; returns what went wrong, or nothing. */
    String hears(int more) throws InterruptedException {
        int wanted = echoes.get() + more;
        while (echoes.get() < wanted && thread.isAlive()) {
            Thread.sleep(5);
        }
        String failed = failure;
        return failed == null ? "" : failed;
    }

    @Override
    public void close() throws IOException {
        ends = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
