/**
 * The Mesos operator API v1: its records as services and backends.
 *
 * <pre>
 *   master ──MasterSource──StreamReader (RecordIo, EventReader)──▶ MasterEvent ──MirrorFeed──▶ ClusterMirror
 *                                                                                  sink ◀──MirrorUnits──┘
 *   agent ──AgentSource──StateReader──▶ ClusterState ──▶ ClusterMirror ──MirrorUnits──▶ sink
 *   file ──MesosState──▶ DeclarationBuilder
 *
 *   each task: TaskReader, PortReader ──▶ MesosTask ──TaskBackends──▶ DeclarationBuilder
 * </pre>
 *
 * A task is read by itself, so that a stream of updates, a poll and a file take the same way. The mirror keeps each task
 * with a VIP label as the octets of its record, and reads them again when its status changes.
 */
@NullMarked
package directory.thisdcos.l4lb.source.mesos;

import org.jspecify.annotations.NullMarked;
