/**
 * The table as bytes: gzip JSON for everything that grows, plain JSON for what a person may want to read.
 *
 * <pre>
 *   Batch, Shard, Table ◀──StoreCodec──▶ gzip( JSON )        Meta, Snapshot ◀──StoreCodec──▶ JSON
 *                            ├─ ModelWriter, ModelReader     the values of the model
 *                            └─ ChangeJson                   the changes of a batch
 * </pre>
 *
 * Fields that a newer release added are skipped; a kind of change or a health that this release does not know is
 * refused, because to skip it would give another table than the writer's. Every size has a limit, the same in both
 * directions, so that nothing is written that cannot be read.
 */
@NullMarked
package directory.thisdcos.l4lb.store.codec;

import org.jspecify.annotations.NullMarked;
