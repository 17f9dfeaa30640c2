package directory.thisdcos.l4lb.source.mesos;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Notes when octets arrive. One thread reads; any may look at the clock. */
final class ArrivalStream extends FilterInputStream {
    private volatile long arrivedNanos = System.nanoTime();
    private volatile long octets;

    ArrivalStream(InputStream in) {
        super(in);
    }

    /** When the last octets came, on {@link System#nanoTime}'s clock; at first, when this was made. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    long octets() {
        return octets;
    }

    @Override
    public int read() throws IOException {
        int octet = in.read();
        arrived(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        arrived(count);
        return count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void arrived(int count) {
        if (count > 0) {
            arrivedNanos = System.nanoTime();
            octets += count;
        }
    }
}
