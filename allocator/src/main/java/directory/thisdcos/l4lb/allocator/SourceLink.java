package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.source.SourceHealth;
import java.time.Instant;

/** A source's connection, and since when it is as it is. */
record SourceLink(SourceHealth health, Instant since) {}
