/**
 * Marathon's app and pod JSON, as files hold it and as {@code GET /v2/apps?embed=apps.tasks} and
 * {@code GET /v2/pods/::status} answer.
 *
 * <pre>
 *   document ──MarathonApps──▶ app, pod ──RunSpecReader─┬─ AppPorts, PodPorts ─▶ ports with VIPs ─┬─▶ RunSpec
 *                                                       └─ AppTasks, PodTasks ─▶ tasks ───────────┘
 *   RunSpec ──RunBackends──▶ DeclarationBuilder
 * </pre>
 *
 * Liberal in what it accepts: port mappings and networking in every form that Marathon has had since 0.8. A
 * {@link directory.thisdcos.l4lb.source.marathon.RunSpec} holds no JSON, so that 100,000 tasks fit into memory.
 */
@NullMarked
package directory.thisdcos.l4lb.source.marathon;

import org.jspecify.annotations.NullMarked;
