/** Measurements of the IPVS engine on a real kernel, beside ipvsadm and a C program; run inside the kernel lab. */
@NullMarked
package directory.thisdcos.l4lb.bench.ipvs;

import org.jspecify.annotations.NullMarked;
