/**
 * The admin HTTP API: what the table says, and what is wrong, for {@code curl}, dcos-net's users and Prometheus.
 *
 * <pre>
 *   table (State), problems, metrics ──AdminView──▶ AdminServer ──▶ JSON, text
 * </pre>
 *
 * It only reads; errors are RFC 9457 problem details that name the field and the fix.
 */
@NullMarked
package directory.thisdcos.l4lb.admin;

import org.jspecify.annotations.NullMarked;
