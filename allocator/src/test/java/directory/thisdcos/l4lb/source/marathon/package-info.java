/** Tests of Marathon apps: field by field, and the corpus. */
@NullMarked
package directory.thisdcos.l4lb.source.marathon;

import org.jspecify.annotations.NullMarked;
