/** Tests of what clients declare through the API. */
@NullMarked
package directory.thisdcos.l4lb.source.api;

import org.jspecify.annotations.NullMarked;
