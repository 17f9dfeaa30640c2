/** The DNS server beside NSD, Knot and BIND, answer by answer. */
@NullMarked
package directory.thisdcos.l4lb.conformance.dns;

import org.jspecify.annotations.NullMarked;
