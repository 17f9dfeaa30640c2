package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.ForeignServices;
import directory.thisdcos.l4lb.ipvs.Timeouts;

/** Settings of the kernel's side that are seldom changed. */
record IpvsTuning(Timeouts timeouts, ForeignServices foreign, int metricServices) {}
