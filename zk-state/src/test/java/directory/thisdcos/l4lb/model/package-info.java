/** Tests of the model; properties are checked on seeded random values. */
@NullMarked
package directory.thisdcos.l4lb.model;

import org.jspecify.annotations.NullMarked;
