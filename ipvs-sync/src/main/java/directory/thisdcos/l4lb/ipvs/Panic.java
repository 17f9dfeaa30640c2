package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.VirtualService;

/**
 * When hardly a backend passes its check, the check is more likely wrong than all the backends: then those that fail get
 * connections too, which is never worse than refusing every client. Backends that are being killed, or whose first check
 * has not ended, stay out.
 */
final class Panic {
    private static final int ALL_PERCENT = 100;

    private Panic() {}

    /** Whether fewer than {@code percent} of the backends take connections, and some of the others only fail a check. */
    static boolean in(VirtualService service, int percent) {
        int eligible = 0;
        int failing = 0;
        for (Backend backend : service.backends().values()) {
            if (backend.share() > 0) {
                eligible++;
            } else if (fails(backend)) {
                failing++;
            }
        }
        return failing > 0 && (long) ALL_PERCENT * eligible < (long) percent * (eligible + failing);
    }

    private static boolean fails(Backend backend) {
        return backend.health() == Health.UNHEALTHY
                || backend.health() == Health.FLAPPING
                || backend.health() == Health.UNREACHABLE;
    }

    static int weight(Backend backend) {
        return fails(backend) ? Math.max(1, backend.weight()) : backend.share();
    }

    static String text(VirtualService service) {
        long failing = service.backends().values().stream()
                .filter(backend -> backend.share() == 0 && fails(backend))
                .count();
        return failing + " of " + service.backends().size()
                + " backends fail their checks or are on machines that seem gone: they get connections nonetheless (--ipvs-panic); look at the check first";
    }
}
