package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.SourceHealth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a source, for the API.
 *
 * @param complete whether it has told of everything once; until then nothing of it is withdrawn
 * @param health how its connection is
 * @param since since when it is so
 * @param updated when it last said something; empty if it has not yet
 * @param held number of units that wait because an operator froze the source; empty if it is not frozen
 */
public record SourceStatus(
        String id,
        boolean complete,
        SourceHealth health,
        Instant since,
        Optional<Instant> updated,
        Optional<Integer> held,
        int services,
        int backends,
        List<Problem> problems) {}
