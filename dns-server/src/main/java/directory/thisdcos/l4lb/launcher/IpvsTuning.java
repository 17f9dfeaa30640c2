package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.KernelSettings;
import java.time.Duration;

/** Settings of the kernel's side that are seldom changed. */
record IpvsTuning(KernelSettings kernel, Duration udpDrain) {}
