package directory.thisdcos.l4lb.source.http;

/**
 * One server-sent event.
 *
 * @param type {@code message} if the server gave none
 * @param data its data lines, joined by line feeds; empty if {@code overlong}
 * @param id the last event id that the server gave; empty if none
 * @param overlong whether it was larger than the reader's limit, so that its data was dropped
 * @param receivedNanos when its first octets arrived, on {@link System#nanoTime}'s clock
 */
public record SseEvent(String type, String data, String id, boolean overlong, long receivedNanos) {}
