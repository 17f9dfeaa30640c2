package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.Optional;

/**
 * An agent of the cluster.
 *
 * @param host as Mesos names it
 * @param ip where its host ports are reached; empty if nothing tells it
 */
record MesosAgent(String id, String host, Optional<Ip> ip) {

    static Optional<MesosAgent> read(Json agent, HostAddresses hosts) {
        Json info = agent.get("agent_info");
        Optional<String> id = info.get("id").get("value").text();
        String host = info.get("hostname").text().orElse("");
        Optional<String> pid = agent.get("pid").text();
        // A host name needs a resolver that may fail; the pid tells the address without one.
        return id.map(value -> new MesosAgent(
                value,
                host,
                HostAddresses.literal(host)
                        .or(() -> pid.flatMap(MesosAgent::ofPid))
                        .or(() -> hosts.resolve(host))));
    }

    /** The address in {@code slave(1)@10.0.0.49:5051}. */
    static Optional<Ip> ofPid(String pid) {
        try {
            return Optional.of(
                    Endpoint.parse(pid.substring(pid.indexOf('@') + 1)).ip());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
