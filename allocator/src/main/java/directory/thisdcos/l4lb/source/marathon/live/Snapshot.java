package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.marathon.RunSpec;
import java.util.Map;

/**
 * All apps and pods at one time.
 *
 * @param impaired whether some could not be read, so that one which is missing may exist
 */
record Snapshot(Map<String, RunSpec> specs, boolean impaired) {}
