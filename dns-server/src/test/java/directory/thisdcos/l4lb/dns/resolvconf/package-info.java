/** Tests; properties are checked on seeded random values. */
@NullMarked
package directory.thisdcos.l4lb.dns.resolvconf;

import org.jspecify.annotations.NullMarked;
