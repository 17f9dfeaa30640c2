/**
 * Marathon's app JSON, as files hold it and as {@code GET /v2/apps?embed=apps.tasks} answers.
 *
 * <pre>
 *   document ──MarathonApps──▶ app ──AppNetwork, AppPorts──▶ ports with VIPs ┐
 *                               └──AppTask──▶ running instances ─────────────┴─AppBackends─▶ DeclarationBuilder
 * </pre>
 *
 * Liberal in what it accepts: port mappings and networking in every form that Marathon has had since 0.8.
 */
@NullMarked
package directory.thisdcos.l4lb.source.marathon;

import org.jspecify.annotations.NullMarked;
