package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.runtime.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a source, for the API.
 *
 * @param complete whether it has told of everything once; until then nothing of it is withdrawn
 * @param updated when its newest snapshot came; empty if there was none yet
 */
public record SourceStatus(
        String id, boolean complete, Optional<Instant> updated, int services, int backends, List<Problem> problems) {}
