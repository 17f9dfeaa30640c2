package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Services of one address that share a firewall mark, as one service of the kernel. A real server serves them all, and
 * has as much weight as where it has the least. One that listens on the port that the client asks for has port 0, which
 * stands for that port (ip_vs_core.c: ip_vs_schedule); so nothing changes for it when ports join or leave.
 */
final class MarkedService {

    private MarkedService() {}

    /**
     * One port.
     *
     * @param destinations as if it were alone, by where they listen
     */
    record Member(ServiceId.Address id, VirtualService service, Map<Endpoint, KernelDestination> destinations) {

        Balancing balancing() {
            return service.spec().balancing();
        }

        /** The kernel does not know of care. */
        Balancing options() {
            return balancing().withCare(Care.NONE);
        }

        @Nullable KernelDestination at(Ip server) {
            return destinations.get(new Endpoint(server, id.port()));
        }

        boolean has(Ip server) {
            return destinations.keySet().stream()
                    .anyMatch(endpoint -> endpoint.ip().equals(server));
        }
    }

    /**
     * @param members at least one; the options of the first count
     * @param problems gets those that keep a server or an option from being used
     */
    static ServiceEntry of(ServiceId.Mark mark, List<Member> members, List<Problem> problems) {
        Member first = members.get(0);
        for (Member other : members) {
            if (!other.options().equals(first.options())) {
                problems.add(new Problem(
                        "vip-option",
                        other.service.key().toString(),
                        "has other options than " + first.service.key() + ", with which it shares fwmark " + mark.mark()
                                + "; those count; give both the same"));
            }
        }
        Map<Endpoint, KernelDestination> all = new TreeMap<>();
        for (Ip server : servers(members)) {
            all.putAll(destinations(mark, server, members, problems));
        }
        boolean udp = members.stream().allMatch(member -> member.id.protocol() == Protocol.UDP.number());
        return ServiceEntry.of(KernelService.of(mark, first.balancing(), udp), all.values());
    }

    private static Set<Ip> servers(List<Member> members) {
        TreeSet<Ip> servers = new TreeSet<>();
        members.forEach(member -> member.destinations.keySet().forEach(server -> servers.add(server.ip())));
        return servers;
    }

    /** Of one server. */
    private static Map<Endpoint, KernelDestination> destinations(
            ServiceId.Mark mark, Ip server, List<Member> members, List<Problem> problems) {
        Map<Endpoint, KernelDestination> found = new TreeMap<>();
        Member first = members.get(0);
        // With persistence the kernel keeps the client's port, whatever the server's (ip_vs_core.c:
        // ip_vs_sched_persist).
        boolean mapsPorts = members.size() == 1 && first.balancing().persistenceSeconds() == 0;
        int weight = Integer.MAX_VALUE;
        boolean servesAll = true;
        for (Member member : members) {
            KernelDestination same = member.at(server);
            servesAll &= same != null;
            weight = same == null ? weight : Math.min(weight, same.weight());
            if (!member.has(server)) {
                problems.add(absent(mark, server, member));
            }
            member.destinations.forEach((endpoint, destination) -> {
                boolean isOther = endpoint.ip().equals(server) && endpoint.port() != member.id.port();
                if (isOther && mapsPorts) {
                    found.put(endpoint, destination);
                } else if (isOther) {
                    problems.add(otherPort(mark, member, endpoint));
                }
            });
        }
        if (servesAll) {
            Endpoint any = new Endpoint(server, ServiceKey.ALL_PORTS);
            found.put(any, KernelDestination.of(any, weight, first.balancing()));
        }
        return found;
    }

    private static Problem otherPort(ServiceId.Mark mark, Member member, Endpoint server) {
        return refused(
                member,
                server.toString(),
                "fwmark " + mark.mark() + " stands for several ports or keeps clients with their server, so the kernel"
                        + " leaves ports as they are: the backend must listen on port " + member.id.port() + ", not on "
                        + server.port() + "; or take the option fwmark away");
    }

    private static Problem absent(ServiceId.Mark mark, Ip server, Member member) {
        return refused(
                member,
                server.toString(),
                "is no backend at port " + member.id.port() + ", but of other services with fwmark " + mark.mark()
                        + ", which have their servers in common: it gets no connections of any of them; let it serve"
                        + " all, or take the option fwmark away");
    }

    private static Problem refused(Member member, String server, String reason) {
        return new Problem("backend-refused", member.service.key() + " backend " + server, reason);
    }

    static Problem foreign(ServiceKey key, ServiceId.Mark mark) {
        return new Problem(
                "fwmark-foreign",
                key.toString(),
                "this host's kernel has a service for " + mark + " that l4lb did not make; it stays, and this one is"
                        + " served without the mark; run `ipvsadm " + IpvsadmText.of(new IpvsOp.RemoveService(mark))
                        + "` or choose another fwmark");
    }
}
