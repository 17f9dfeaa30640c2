/**
 * HTTP/1.1 as sources need it: a cluster of servers of which one answers, credentials, and streams that never end.
 *
 * <pre>
 *   HttpCall ──ServerGroup (fail-over, redirects, Authorization)──HttpTransport (TLS, time limits)──▶ HttpAnswer
 *                                                                     body ──SseReader──▶ SseEvent* ◀─┘
 * </pre>
 *
 * Host names are resolved through {@link directory.thisdcos.l4lb.source.HostAddresses}. No secret reaches a log, a
 * message or {@code toString}.
 */
@NullMarked
package directory.thisdcos.l4lb.source.http;

import org.jspecify.annotations.NullMarked;
