package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The node's settings. */
record NodeRole(
        List<Endpoint> dnsListen, List<Endpoint> upstreams, Optional<Path> zones, IpvsMode ipvs, Duration ipvsAudit) {

    static NodeRole of(NodeOptions options) throws WrongUsageException {
        for (Endpoint upstream : options.upstreams) {
            if (options.dnsListen.contains(upstream)) {
                throw new WrongUsageException(
                        "--upstream " + upstream + " is also a --dns-listen address: queries would go round for ever");
            }
        }
        return new NodeRole(
                List.copyOf(options.dnsListen),
                List.copyOf(options.upstreams),
                Optional.ofNullable(options.zones),
                options.ipvs,
                options.ipvsAudit);
    }
}
