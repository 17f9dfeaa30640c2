/**
 * The program as its users run it: the launcher script, real sockets, real {@code dig} and {@code curl}, a real kernel.
 */
@NullMarked
package directory.thisdcos.l4lb.conformance;

import org.jspecify.annotations.NullMarked;
