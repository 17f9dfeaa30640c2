package directory.thisdcos.l4lb.dns.forward;

/** One question to one upstream, until a reply has come, it has failed, or it is closed. Runs on one event loop. */
abstract class Attempt {

    /** Who asked. Called on the event loop; not after {@link #close}. */
    interface Listener {
        /** A packet has come; over a stream the only one. */
        void received(Attempt attempt, byte[] packet);

        /** Nothing will come. */
        void failed(Attempt attempt, String reason);
    }

    private final Resolver resolver;
    private final UpstreamQuery query;
    private final Listener listener;
    private final long began = System.nanoTime();
    private boolean closed;

    Attempt(Resolver resolver, UpstreamQuery query, Listener listener) {
        this.resolver = resolver;
        this.query = query;
        this.listener = listener;
    }

    final Resolver resolver() {
        return resolver;
    }

    final UpstreamQuery query() {
        return query;
    }

    final boolean isTcp() {
        return query.manner().tcp();
    }

    /** Whether this is TCP to an upstream that is asked over UDP first. */
    final boolean isFallback() {
        return isTcp() && !resolver.isStream();
    }

    final long ageNanos() {
        return System.nanoTime() - began;
    }

    final boolean isClosed() {
        return closed;
    }

    final void close() {
        if (!closed) {
            closed = true;
            resolver.leave();
            release();
        }
    }

    final void deliver(byte[] packet) {
        if (!closed) {
            listener.received(this, packet);
        }
    }

    final void fail(String reason) {
        if (!closed) {
            listener.failed(this, reason);
        }
    }

    /** Gives up what the attempt holds. */
    abstract void release();
}
