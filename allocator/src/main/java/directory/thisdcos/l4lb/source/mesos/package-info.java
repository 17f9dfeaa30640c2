/**
 * The Mesos operator API v1: its records as services and backends.
 *
 * <pre>
 *   GET_STATE ──MesosState──▶ frameworks, agents
 *                        └──▶ task ──TaskReader, PortReader──▶ MesosTask ──TaskBackends──▶ DeclarationBuilder
 * </pre>
 *
 * A task is read by itself, so that a stream of updates takes the same way as a whole state.
 */
@NullMarked
package directory.thisdcos.l4lb.source.mesos;

import org.jspecify.annotations.NullMarked;
