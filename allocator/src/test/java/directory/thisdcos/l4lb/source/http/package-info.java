@NullMarked
package directory.thisdcos.l4lb.source.http;

import org.jspecify.annotations.NullMarked;
