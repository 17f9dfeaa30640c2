/**
 * What every part of the program shares at run time: where trouble is made visible. Knows nothing of the model.
 */
@NullMarked
package directory.thisdcos.l4lb.runtime;

import org.jspecify.annotations.NullMarked;
