/** Services that clients declare themselves through the admin API, with or without a lease. */
@NullMarked
package directory.thisdcos.l4lb.source.api;

import org.jspecify.annotations.NullMarked;
