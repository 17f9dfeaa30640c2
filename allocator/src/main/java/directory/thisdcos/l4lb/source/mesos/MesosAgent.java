package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.Optional;
import java.util.Set;

/**
 * An agent of the cluster.
 *
 * @param host as Mesos names it
 * @param ip where its host ports are reached, as far as its record tells; empty if {@code host} must be resolved
 * @param zone its fault domain, {@code REGION/ZONE}; empty if it has none
 */
record MesosAgent(String id, String host, Optional<Ip> ip, String zone) {

    /** What an event about an agent is read for; all else is skipped. */
    static final Set<String> FIELDS = Set.of(
            "agent",
            "agent_id",
            "agent_info",
            "domain",
            "fault_domain",
            "hostname",
            "id",
            "name",
            "pid",
            "region",
            "value",
            "zone");

    /** Reads an {@code Agent}, or the bare {@code AgentInfo} by which a master lists recovered agents. */
    static Optional<MesosAgent> read(Json agent) {
        Json info = agent.has("agent_info") ? agent.get("agent_info") : agent;
        Optional<String> id = info.get("id").get("value").text();
        String host = info.get("hostname").text().orElse("");
        Optional<String> pid = agent.get("pid").text();
        // A host name needs a resolver that may fail; the pid tells the address without one.
        return id.filter(value -> !value.isEmpty())
                .map(value -> new MesosAgent(
                        value,
                        host,
                        HostAddresses.literal(host).or(() -> pid.flatMap(MesosAgent::ofPid)),
                        zone(info.get("domain").get("fault_domain"))));
    }

    /** Where its host ports are reached; empty while that is unknown. */
    Optional<Ip> address(HostAddresses hosts) {
        return ip.or(() -> hosts.resolve(host));
    }

    /** The same agent at another address if its record tells none. */
    MesosAgent orAt(Optional<Ip> other) {
        return new MesosAgent(id, host, ip.or(() -> other), zone);
    }

    private static String zone(Json domain) {
        String region = domain.get("region").get("name").text().orElse("");
        String zone = domain.get("zone").get("name").text().orElse("");
        return region.isEmpty() && zone.isEmpty() ? "" : region + "/" + zone;
    }

    /** The address in {@code slave(1)@10.0.0.49:5051}. */
    static Optional<Ip> ofPid(String pid) {
        return endpointOfPid(pid).map(Endpoint::ip);
    }

    /** Where a process listens by its {@code ID@ADDRESS:PORT}; empty if that is no address. */
    static Optional<Endpoint> endpointOfPid(String pid) {
        try {
            return Optional.of(Endpoint.parse(pid.substring(pid.indexOf('@') + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
