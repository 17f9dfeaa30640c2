/** Host names asked for with real DNS messages over a socket. */
@NullMarked
package directory.thisdcos.l4lb.source.host;

import org.jspecify.annotations.NullMarked;
