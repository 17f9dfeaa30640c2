package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.BalancingOptions;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.SourceUpdate;
import directory.thisdcos.l4lb.source.VipLabel;
import directory.thisdcos.l4lb.source.VipOptions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds what a source says. */
final class Said {
    private final String source;
    private final DeclarationBuilder out = new DeclarationBuilder();

    Said(String source) {
        this.source = source;
    }

    /** An app with one label and backends {@code ADDRESS:PORT}. */
    Said app(String label, String... backends) {
        return app("/" + label, label, Health.UNCHECKED, backends);
    }

    Said app(String owner, String label, Health health, String... backends) {
        ServiceKey key = key(label);
        out.declare(key, new Origin(source, "marathon", owner, label));
        for (String backend : backends) {
            out.add(
                    key,
                    new Backend(
                            Endpoint.parse(backend),
                            Optional.empty(),
                            health.eligible() ? 1 : 0,
                            health,
                            "",
                            "",
                            owner + "." + backend,
                            source));
        }
        return this;
    }

    /** An app that says how its service is balanced. */
    Said options(String owner, String label, String options) {
        out.declare(key(label), new Origin(source, "marathon", owner, label).with(BalancingOptions.parse(options)));
        return this;
    }

    Said node(String ip) {
        out.addNode(Ip.of(ip));
        return this;
    }

    /** All that the source has. */
    SourceUpdate all() {
        return SourceUpdate.whole(source, true, Map.of("all", out.build()), System.nanoTime());
    }

    /** All that the source has seen, while there may be more. */
    SourceUpdate part() {
        return SourceUpdate.whole(source, false, Map.of("all", out.build()), System.nanoTime());
    }

    /** Only this unit is new. */
    SourceUpdate unit(String unit) {
        return SourceUpdate.change(source, Map.of(unit, out.build()), Set.of(), System.nanoTime());
    }

    static ServiceKey key(String label) {
        try {
            return VipLabel.parse(label, Protocol.TCP, "marathon", VipOptions.NONE)
                    .key();
        } catch (InvalidVipException e) {
            throw new AssertionError(e);
        }
    }

    static ServiceName name(String label) {
        return (ServiceName) key(label).target();
    }
}
