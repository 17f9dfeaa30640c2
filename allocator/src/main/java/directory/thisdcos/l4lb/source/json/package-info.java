/**
 * JSON that people wrote: read with positions, duplicate keys noticed, and every field of a wrong type reported with its
 * path instead of stopping the reader.
 */
@NullMarked
package directory.thisdcos.l4lb.source.json;

import org.jspecify.annotations.NullMarked;
