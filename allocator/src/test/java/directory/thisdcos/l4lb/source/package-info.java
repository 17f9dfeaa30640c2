/** Test documents and the corpus, for the tests of all sources. */
@NullMarked
package directory.thisdcos.l4lb.source;

import org.jspecify.annotations.NullMarked;
