/**
 * Measurements of the whole program from outside: it is started as users start it, and asked over its sockets.
 */
@NullMarked
package directory.thisdcos.l4lb.bench;

import org.jspecify.annotations.NullMarked;
