/**
 * Tests of the engine: against {@link directory.thisdcos.l4lb.ipvs.FakeKernel} everywhere, and, tagged "kernel", against
 * the real one inside conformance/kernel-lab.
 */
@NullMarked
package directory.thisdcos.l4lb.ipvs;

import org.jspecify.annotations.NullMarked;
