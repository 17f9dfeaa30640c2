package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.probe.ProbeSettings;

/**
 * How this node looks after others.
 *
 * @param listen where others look at it
 * @param neighbours how many it looks at; 0 for none
 */
record ProbeRole(Endpoint listen, int neighbours, ProbeSettings settings) {}
