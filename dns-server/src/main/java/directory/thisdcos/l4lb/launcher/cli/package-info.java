/**
 * The commands that ask a running program, or look at this machine; none of them starts anything.
 *
 * <pre>
 *   arguments ──ApiOptions──▶ Api ──HTTP──▶ admin API of a running l4lb
 *                              └─JSON─▶ Output ──▶ table for people, JSON or YAML for scripts
 * </pre>
 */
@NullMarked
package directory.thisdcos.l4lb.launcher.cli;

import org.jspecify.annotations.NullMarked;
