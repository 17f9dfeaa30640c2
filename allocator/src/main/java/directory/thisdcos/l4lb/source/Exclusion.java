package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a port of a task, or a whole task, is no backend: what {@code l4lb explain} shows beside the backends.
 *
 * @param service the virtual service of which it would be a backend; empty if the label could not be read
 * @param owner the app, pod or task group that carries the label, such as {@code /my-service}
 * @param task the task's id; empty if it concerns every task of the owner
 * @param port the port's name, number or place in its document; empty if it concerns every port
 * @param detail one line: what was found, and the fix where there is one
 */
public record Exclusion(
        Optional<ServiceKey> service, String owner, String task, String port, Reason reason, String detail)
        implements Comparable<Exclusion> {

    /** What kept it out. A task that is unhealthy or draining is a backend, with weight 0. */
    public enum Reason {
        /** The label's text gives no VIP. */
        LABEL,
        /** An option beside the label is wrong; the port is a backend nonetheless, without that option. */
        OPTION,
        /** The task does not run: it is staging, or over. */
        NOT_RUNNING,
        /** The task, or its agent, has no address that could be used. */
        NO_ADDRESS,
        /** The port has no number. */
        NO_PORT,
        /** The agent that runs it is unreachable. */
        AGENT_UNREACHABLE,
        /** Another task is at the same address. */
        SHADOWED,
        /** Something else in its record could not be read. */
        MALFORMED;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Comparator<Exclusion> ORDER = Comparator.comparing(Exclusion::owner)
            .thenComparing(Exclusion::task)
            .thenComparing(Exclusion::port)
            .thenComparing(Exclusion::reason)
            .thenComparing(Exclusion::detail)
            .thenComparing(
                    exclusion -> exclusion.service().map(ServiceKey::toString).orElse(""));

    @Override
    public int compareTo(Exclusion other) {
        return ORDER.compare(this, other);
    }
}
