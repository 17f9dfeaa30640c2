/** Tests of the launcher's own decisions; the whole program is tested in the module conformance. */
@NullMarked
package directory.thisdcos.l4lb.launcher;

import org.jspecify.annotations.NullMarked;
