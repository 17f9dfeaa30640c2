package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Drain;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.DeclaredService;
import directory.thisdcos.l4lb.source.Exclusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Says of each report that concerns something whether it is a backend, and why not. What is asked for is a name with or
 * without its zone, {@code NAME:PORT}, a fixed address, or the exact id of an app, a pod or a task.
 */
final class Explainer {
    private final Inventory inventory;
    private final long now;

    Explainer(Inventory inventory, long now) {
        this.inventory = inventory;
        this.now = now;
    }

    List<Explanation> explain(String query) {
        List<Explanation> lines = new ArrayList<>();
        inventory
                .tables()
                .forEach((source, table) -> table.units().values().forEach(unit -> add(source, unit, query, lines)));
        return lines.stream().distinct().sorted().toList();
    }

    private void add(String source, Declarations unit, String query, List<Explanation> lines) {
        unit.services().forEach((key, service) -> {
            boolean isAsked = matches(key, query)
                    || service.origins().stream()
                            .anyMatch(origin -> origin.owner().equals(query));
            if (isAsked) {
                service.origins().stream()
                        .filter(origin -> !origin.options().isEmpty())
                        .forEach(origin -> lines.add(options(source, key, origin)));
            }
            for (Backend backend : service.backends()) {
                if (isAsked || backend.task().equals(query)) {
                    lines.add(backend(source, service, backend));
                }
            }
        });
        for (Exclusion exclusion : unit.exclusions()) {
            boolean isAsked =
                    exclusion.service().filter(key -> matches(key, query)).isPresent()
                            || exclusion.owner().equals(query)
                            || exclusion.task().equals(query);
            if (isAsked) {
                lines.add(excluded(source, exclusion));
            }
        }
    }

    private static boolean matches(ServiceKey key, String query) {
        String wanted = query.toLowerCase(Locale.ROOT);
        if (wanted.endsWith(".")) {
            wanted = wanted.substring(0, wanted.length() - 1);
        }
        String name = key.target().text();
        String shortName = name.endsWith("." + ServiceName.ZONE)
                ? name.substring(0, name.length() - ServiceName.ZONE.length() - 1)
                : name;
        return wanted.equals(name)
                || wanted.equals(shortName)
                || wanted.equals(key.vip())
                || wanted.equals(key.toString())
                || wanted.equals(shortName + ":" + key.port());
    }

    private static Explanation options(String source, ServiceKey key, Origin origin) {
        return new Explanation(
                Optional.of(key),
                source,
                origin.owner(),
                "",
                "",
                "",
                Optional.empty(),
                false,
                0,
                Optional.empty(),
                "options",
                "asks for " + origin.options());
    }

    private Explanation backend(String source, DeclaredService service, Backend backend) {
        Backend chosen = chosen(service.key(), backend.address());
        boolean isShadowed = !chosen.equals(backend);
        Backend damped = !isShadowed
                        && backend.health().eligible()
                        && inventory.damper().holds(service.key(), backend.address(), now)
                ? backend.with(Health.FLAPPING)
                : backend;
        Health health = isShadowed
                ? backend.health()
                : Desired.judged(damped, inventory.reach(), inventory.drains()).health();
        String detail = isShadowed
                ? "task " + chosen.task() + " of " + chosen.source() + " is at the same address and counts"
                : why(health, backend);
        return new Explanation(
                Optional.of(service.key()),
                source,
                service.origins().size() == 1 ? service.origins().get(0).owner() : "",
                backend.task(),
                backend.node(),
                backend.portName(),
                Optional.of(backend.address()),
                !isShadowed,
                isShadowed || !health.eligible() ? 0 : backend.weight(),
                Optional.of(health),
                isShadowed ? Exclusion.Reason.SHADOWED.text() : health.text(),
                detail);
    }

    private String why(Health health, Backend backend) {
        Optional<Drain> drain = health == Health.DRAINING ? inventory.drains().of(backend) : Optional.empty();
        if (drain.isPresent()) {
            return "gets no new connections: " + drain.get().text();
        }
        return text(health)
                + (health == Health.UNREACHABLE
                        ? ": " + inventory.reach().whyGone(backend).orElse("")
                        : "");
    }

    private Backend chosen(ServiceKey key, Endpoint address) {
        Map<Endpoint, Backend> best = new TreeMap<>();
        inventory
                .declared(key)
                .forEach(service -> service.backends().stream()
                        .filter(backend -> backend.address().equals(address))
                        .forEach(backend -> best.merge(address, backend, Desired::choose)));
        return best.values().iterator().next();
    }

    private static String text(Health health) {
        return switch (health) {
            case HEALTHY -> "gets new connections: every declared check passes";
            case UNCHECKED -> "gets new connections: it runs, and no check is declared";
            case PENDING -> "gets no new connections yet: its checks have not given a result";
            case UNHEALTHY -> "gets no new connections: a check fails";
            case FLAPPING -> "gets no new connections for a while: it became unhealthy too often";
            case UNREACHABLE -> "gets no connections: its machine is gone";
            case DRAINING -> "gets no new connections: the task is being killed";
        };
    }

    private static Explanation excluded(String source, Exclusion exclusion) {
        return new Explanation(
                exclusion.service(),
                source,
                exclusion.owner(),
                exclusion.task(),
                "",
                exclusion.port(),
                Optional.empty(),
                false,
                0,
                Optional.empty(),
                exclusion.reason().text(),
                exclusion.detail());
    }
}
