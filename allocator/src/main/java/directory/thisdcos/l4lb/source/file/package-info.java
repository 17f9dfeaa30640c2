/**
 * A folder of JSON files as a source.
 *
 * <pre>
 *   folder ──FolderListing──▶ changed files ──AppFileReader──▶ AppFile* ──▶ Declarations.union ──▶ SourceSnapshot
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.source.file;

import org.jspecify.annotations.NullMarked;
