package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.AuthoritySettings;
import directory.thisdcos.l4lb.dns.forward.ForwardSettings;
import directory.thisdcos.l4lb.ipvs.IpvsMode;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The node's settings. */
record NodeRole(
        String id,
        SortedMap<String, String> attributes,
        List<Endpoint> dnsListen,
        Optional<String> dnsInterface,
        ForwardSettings forward,
        AuthoritySettings authority,
        List<IpRange> recursionClients,
        IpvsMode ipvs,
        Duration ipvsAudit,
        Duration ipvsDrain,
        int ipvsPanic,
        IpvsTuning ipvsTuning,
        ProbeRole probe,
        boolean takeOver) {

    private static final int MAX_CACHE_MIB = 65_536;
    private static final int ALL_PERCENT = 100;

    static NodeRole of(NodeOptions options) throws WrongUsageException {
        ForwardSettings forward = forward(options);
        List<Endpoint> listen = options.dnsInterface.listen(options.dnsListen);
        for (Endpoint upstream : forward.addresses()) {
            if (listen.contains(upstream)) {
                throw new WrongUsageException(
                        "--upstream " + upstream + " is also a --dns-listen address: queries would go round for ever");
            }
        }
        if (options.ipvsPanic < 0 || options.ipvsPanic > ALL_PERCENT) {
            throw new WrongUsageException("--ipvs-panic " + options.ipvsPanic + " is not within 0-" + ALL_PERCENT);
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
                List.copyOf(listen),
                options.dnsInterface.checkedName(),
                forward,
                options.authority.settings(),
                options.authority.recursionClients(),
                options.ipvs,
                options.ipvsAudit,
                options.ipvsDrain,
                options.ipvsPanic,
                options.ipvsOptions.tuning(),
                options.probes.role(),
                options.replacing.takeOver);
    }

    private static ForwardSettings forward(NodeOptions options) throws WrongUsageException {
        if (options.dnsCacheMib < 1 || options.dnsCacheMib > MAX_CACHE_MIB) {
            throw new WrongUsageException("--dns-cache-mb " + options.dnsCacheMib + ": write 1 to " + MAX_CACHE_MIB);
        }
        try {
            return ForwardSettings.parse(
                    options.upstreams,
                    options.forwards,
                    Optional.ofNullable(options.upstreamCa),
                    (long) options.dnsCacheMib << 20);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }
}
