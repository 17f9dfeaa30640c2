/**
 * Which machines are gone: judged from what nodes say of themselves and of their neighbours, never on one witness alone
 * and never for too many at once. Knows the model only.
 */
@NullMarked
package directory.thisdcos.l4lb.reach;

import org.jspecify.annotations.NullMarked;
