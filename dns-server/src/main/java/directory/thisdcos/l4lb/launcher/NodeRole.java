package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.AuthoritySettings;
import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The node's settings. */
record NodeRole(
        String id,
        SortedMap<String, String> attributes,
        List<Endpoint> dnsListen,
        List<Endpoint> upstreams,
        AuthoritySettings authority,
        IpvsMode ipvs,
        Duration ipvsAudit) {

    static NodeRole of(NodeOptions options) throws WrongUsageException {
        for (Endpoint upstream : options.upstreams) {
            if (options.dnsListen.contains(upstream)) {
                throw new WrongUsageException(
                        "--upstream " + upstream + " is also a --dns-listen address: queries would go round for ever");
            }
        }
        String id = options.nodeId == null ? ThisMachine.name() : options.nodeId;
        try {
            NodeStatus.requireId(id);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--node-id: " + e.getMessage());
        }
        return new NodeRole(
                id,
                new TreeMap<>(options.nodeAttributes),
                List.copyOf(options.dnsListen),
                List.copyOf(options.upstreams),
                options.authority.settings(),
                options.ipvs,
                options.ipvsAudit);
    }
}
