package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSettings;
import directory.thisdcos.l4lb.source.mesos.ZooKeeperUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sources on the network; each list is without repetition. */
record SourceRole(
        List<MarathonSettings> marathons,
        List<MesosCluster> mesos,
        List<ServerUrl> mesosAgents,
        Duration mesosAgentInterval,
        Duration mesosAgentTimeout,
        SourceAccess access) {

    /** The hosts that sources are asked at, as far as the settings name them. */
    List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        marathons.forEach(
                marathon -> marathon.urls().forEach(url -> hosts.add(url.base().getHost())));
        for (MesosCluster cluster : mesos) {
            if (cluster instanceof MesosCluster.Masters masters) {
                masters.urls().forEach(url -> hosts.add(url.base().getHost()));
            } else if (cluster instanceof MesosCluster.Elected elected) {
                for (String server : elected.group().connect().split(",", -1)) {
                    hosts.add(server.replaceFirst(":[0-9]+$", ""));
                }
            }
        }
        mesosAgents.forEach(agent -> hosts.add(agent.base().getHost()));
        return hosts.stream().map(host -> host.replaceAll("[\\[\\]]", "")).toList();
    }

    /** How the masters of a cluster are found. */
    sealed interface MesosCluster {
        record Masters(List<ServerUrl> urls) implements MesosCluster {}

        record Elected(ZooKeeperUrl group) implements MesosCluster {}
    }
}
