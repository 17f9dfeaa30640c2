/** Tests; properties are checked on seeded random values. */
@NullMarked
package directory.thisdcos.l4lb.dns.zone;

import org.jspecify.annotations.NullMarked;
