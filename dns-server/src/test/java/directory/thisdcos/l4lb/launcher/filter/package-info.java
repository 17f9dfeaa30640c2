@NullMarked
package directory.thisdcos.l4lb.launcher.filter;

import org.jspecify.annotations.NullMarked;
