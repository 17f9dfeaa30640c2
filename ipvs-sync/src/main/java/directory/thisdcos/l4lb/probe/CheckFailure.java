package directory.thisdcos.l4lb.probe;

import java.time.Instant;

/**
 * A server that fails its check.
 *
 * @param reason what the last check found, one sentence
 * @param since when it began to get no connections
 */
public record CheckFailure(CheckKey key, String reason, Instant since) {}
