package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.forward.Upstream;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.source.file.AppsFolder;
import directory.thisdcos.l4lb.source.host.DnsLookup;
import directory.thisdcos.l4lb.source.host.HostRefresher;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.marathon.live.MarathonMetrics;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSettings;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSource;
import directory.thisdcos.l4lb.source.mesos.AgentSource;
import directory.thisdcos.l4lb.source.mesos.MasterSource;
import directory.thisdcos.l4lb.source.mesos.Masters;
import directory.thisdcos.l4lb.source.mesos.MesosMetrics;
import directory.thisdcos.l4lb.source.mesos.MesosSettings;
import directory.thisdcos.l4lb.source.mesos.ZooKeeperMasters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes the sources, which are not started yet, and what they share. */
final class SourcesPart {
    /** The framework of apps in files: Marathon's name, unless it was given another. */
    private static final String FRAMEWORK = "marathon";

    private final AllocatorRole role;
    private final Context context;
    private final HostAddresses hosts;
    private final MarathonMetrics marathonMetrics;
    private final MesosMetrics mesosMetrics;

    private SourcesPart(AllocatorRole role, HostAddresses hosts, Context context) {
        this.role = role;
        this.context = context;
        this.hosts = hosts;
        this.marathonMetrics = new MarathonMetrics(context.registry());
        this.mesosMetrics = new MesosMetrics(context.registry());
    }

    static List<Source> of(Settings settings, AllocatorRole role, Context context) throws StartException {
        DnsLookup lookup = settings.node()
                .map(node -> DnsLookup.ofMachine(
                        node.forward().upstreams().stream()
                                .filter(upstream -> !upstream.isTls())
                                .map(Upstream::address)
                                .toList(),
                        node.dnsListen()))
                .orElseGet(() -> DnsLookup.ofMachine(List.of(), List.of()));
        HostRefresher refresher =
                context.closer().add("host names of sources", new HostRefresher(lookup, context.clock()));
        return new SourcesPart(role, refresher.hosts(), context).all();
    }

    private List<Source> all() throws StartException {
        List<Source> sources = new ArrayList<>();
        for (Path folder : role.apps()) {
            sources.add(new AppsFolder(folder, FRAMEWORK, hosts, context.clock()));
        }
        for (MarathonSettings marathon : role.sources().marathons()) {
            String url = joined(marathon.urls());
            HttpTransport transport = transport(url);
            sources.add(new MarathonSource(
                    marathon, transport, authorization(url, marathon.urls(), transport), hosts, marathonMetrics));
        }
        MesosSettings mesos = MesosSettings.DEFAULT
                .withAgentTimeout(role.sources().mesosAgentTimeout())
                .withPollInterval(role.sources().mesosAgentInterval());
        for (SourceRole.MesosCluster cluster : role.sources().mesos()) {
            sources.add(new MasterSource(masters(cluster), mesos, hosts, mesosMetrics, context.clock()));
        }
        for (ServerUrl agent : role.sources().mesosAgents()) {
            HttpTransport transport = transport(agent.toString());
            Authorization authorization = authorization(agent.toString(), List.of(agent), transport);
            sources.add(new AgentSource(agent, transport, authorization, mesos, hosts, mesosMetrics, context.clock()));
        }
        return List.copyOf(sources);
    }

    private Masters masters(SourceRole.MesosCluster cluster) throws StartException {
        if (cluster instanceof SourceRole.MesosCluster.Elected elected) {
            String url = elected.group().toString();
            HttpTransport transport = transport(url);
            return new ZooKeeperMasters(elected.group(), transport, authorization(url, List.of(), transport));
        }
        List<ServerUrl> urls = ((SourceRole.MesosCluster.Masters) cluster).urls();
        String url = joined(urls);
        HttpTransport transport = transport(url);
        return Masters.at(urls, transport, authorization(url, urls, transport));
    }

    private static String joined(List<ServerUrl> urls) {
        return urls.stream().map(ServerUrl::toString).collect(Collectors.joining(","));
    }

    private HttpTransport transport(String url) throws StartException {
        HttpTransport transport = role.sources().access().transport(url, hosts);
        return context.closer().add("connections to " + url, transport);
    }

    private Authorization authorization(String url, List<ServerUrl> servers, HttpTransport transport)
            throws StartException {
        return role.sources().access().authorization(url, servers, transport, context.clock());
    }
}
