package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.allocator.PoolUse;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How the addresses are used: pools, fixed VIPs, and labels that meet in one name. */
final class PoolRoutes {
    private static final Set<String> REFUSALS = Set.of("address-taken", "dangerous-vip", "claim-not-allowed");

    private final AdminView view;

    PoolRoutes(AdminView view) {
        this.view = view;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/pools", this::pools);
        routes.get("/v1/claims", this::claims);
        routes.get("/v1/collisions", this::collisions);
    }

    private void pools(Context context) throws IOException {
        State table = view.table().get();
        Optional<Pools> pools = table.pools();
        JsonAnswer.write(context, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("pools");
            for (PoolUse use : PoolUse.of(table)) {
                write(use, out);
            }
            out.writeEndArray();
            ranges("claimable", pools.map(Pools::claimable).orElse(List.of()), out);
            out.writeEndObject();
        });
    }

    private static void write(PoolUse use, JsonGenerator out) throws IOException {
        Pool pool = use.pool();
        out.writeStartObject();
        out.writeStringField("name", pool.name());
        out.writeStringField("family", pool.family().name().toLowerCase(Locale.ROOT));
        out.writeStringField("range", pool.range().toString());
        ranges("reserved", pool.reserved(), out);
        out.writeArrayFieldStart("suffixes");
        for (String suffix : pool.suffixes()) {
            out.writeString(suffix);
        }
        out.writeEndArray();
        out.writeBooleanField("draining", pool.draining());
        // IPv6 pools are larger than a JSON number may be.
        out.writeStringField("size", pool.allocatable().toString());
        out.writeNumberField("allocated", use.allocated());
        out.writeNumberField("quarantined", use.quarantined());
        out.writeNumberField("claimed", use.claimed());
        out.writeEndObject();
    }

    private static void ranges(String field, List<IpRange> ranges, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (IpRange range : ranges) {
            out.writeString(range.toString());
        }
        out.writeEndArray();
    }

    private void claims(Context context) throws IOException {
        State table = view.table().get();
        List<Vip> claims = table.vips()
                .filter(vip -> vip.target() instanceof FixedAddress)
                .sorted(Comparator.comparing(Vip::target))
                .toList();
        List<Problem> refused = view.problems().entries().stream()
                .map(ProblemBoard.Entry::problem)
                .filter(problem -> REFUSALS.contains(problem.kind()))
                .toList();
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (Vip claim : claims) {
                for (VirtualService service : claim.services()) {
                    out.writeStartObject();
                    out.writeStringField("vip", service.key().vip());
                    out.writeStringField("protocol", service.key().protocol().text());
                    out.writeStringField("state", "claimed");
                    origins(service, out);
                    out.writeStringField("reason", reason(refused, claim));
                    out.writeEndObject();
                }
            }
            for (Problem problem : refused) {
                if (claims.stream().noneMatch(claim -> claim.target().text().equals(problem.subject()))) {
                    out.writeStartObject();
                    out.writeStringField("vip", problem.subject());
                    out.writeStringField("state", "refused");
                    out.writeStringField("reason", problem.message());
                    out.writeEndObject();
                }
            }
            out.writeEndArray();
        });
    }

    private static String reason(List<Problem> problems, Vip claim) {
        return problems.stream()
                .filter(problem -> problem.subject().equals(claim.target().text()))
                .map(Problem::message)
                .findFirst()
                .orElse("");
    }

    private void collisions(Context context) throws IOException {
        List<VirtualService> meeting = view.table()
                .get()
                .vips()
                .flatMap(vip -> vip.services().stream())
                .filter(service -> service.spec().isCollision())
                .sorted(Comparator.comparing(VirtualService::key))
                .toList();
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (VirtualService service : meeting) {
                out.writeStartObject();
                out.writeStringField("vip", service.key().vip());
                out.writeStringField("protocol", service.key().protocol().text());
                origins(service, out);
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private static void origins(VirtualService service, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("origins");
        for (Origin origin : service.spec().origins()) {
            out.writeStartObject();
            out.writeStringField("owner", origin.owner());
            out.writeStringField("framework", origin.framework());
            out.writeStringField("label", origin.label());
            out.writeStringField("source", origin.source());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
