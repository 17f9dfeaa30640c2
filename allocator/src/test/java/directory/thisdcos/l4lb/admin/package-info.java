/** Tests of the HTTP API over real sockets. */
@NullMarked
package directory.thisdcos.l4lb.admin;

import org.jspecify.annotations.NullMarked;
