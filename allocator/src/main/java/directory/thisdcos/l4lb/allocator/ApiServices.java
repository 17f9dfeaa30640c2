package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads back from the table what clients put through the API. The table is the only place where it is kept: every other
 * source can be asked again after a restart.
 */
final class ApiServices {

    private ApiServices() {}

    /** All of it, as if the source said it now. */
    static SourceUpdate of(State state) {
        Map<String, DeclarationBuilder> units = new HashMap<>();
        state.vips().forEach(vip -> vip.services().forEach(service -> collect(service, units)));
        Map<String, Declarations> built = new HashMap<>();
        units.forEach((unit, out) -> built.put(unit, out.build()));
        return SourceUpdate.whole(ServiceDocument.SOURCE, true, built, System.nanoTime());
    }

    private static void collect(VirtualService service, Map<String, DeclarationBuilder> units) {
        for (Origin origin : service.spec().origins()) {
            if (origin.source().equals(ServiceDocument.SOURCE)) {
                builder(service, origin.owner(), units).declare(service.key(), origin);
                backendsOf(service, origin.owner())
                        .forEach(backend ->
                                builder(service, origin.owner(), units).add(service.key(), backend));
            }
        }
    }

    private static Collection<Backend> backendsOf(VirtualService service, String owner) {
        return service.backends().values().stream()
                .filter(backend -> backend.source().equals(ServiceDocument.SOURCE)
                        && backend.task().equals(owner))
                // Whoever put it said that it is healthy; whether its machine is gone, or drained, is found out anew.
                .map(backend -> backend.health() == Health.UNREACHABLE || backend.isDrained()
                        ? backend.with(Health.HEALTHY)
                        : backend)
                .toList();
    }

    private static DeclarationBuilder builder(
            VirtualService service, String owner, Map<String, DeclarationBuilder> units) {
        return units.computeIfAbsent(ServiceDocument.unit(service.key(), owner), absent -> new DeclarationBuilder());
    }
}
