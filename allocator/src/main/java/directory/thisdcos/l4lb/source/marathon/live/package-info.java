/**
 * A Marathon as a live source.
 *
 * <pre>
 *   /v2/events ──SseReader──▶ EventParser ──▶ MarathonEvent ─┬─▶ MarathonMirror ──▶ SourceSink
 *                                                            └─▶ Refetches ─┐ ▲
 *   /v2/apps, /v2/pods::status ──MarathonApi──▶ RunSpecs ◀──────────────────┘─┘
 * </pre>
 *
 * Marathon's events are hints: they come in no certain order, a slow reader loses some, and after a cut there is no way
 * to ask for those that were missed. So each one has its effect at once as far as it says what happened, and the app or
 * pod that it is about is read again soon after; a new stream begins with everything read anew. What is read while
 * events come is not trusted over them: they have their effect on it again.
 *
 * <p>Threads: {@code marathon-events} reads the stream; a few of {@code marathon-work} read apps. Both change the mirror
 * under its lock.
 */
@NullMarked
package directory.thisdcos.l4lb.source.marathon.live;

import org.jspecify.annotations.NullMarked;
