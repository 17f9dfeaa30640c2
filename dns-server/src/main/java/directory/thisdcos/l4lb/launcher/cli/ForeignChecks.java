package directory.thisdcos.l4lb.launcher.cli;

import directory.thisdcos.l4lb.ipvs.TableLook;
import directory.thisdcos.l4lb.launcher.filter.Hit;
import directory.thisdcos.l4lb.launcher.filter.PacketFilter;
import directory.thisdcos.l4lb.model.IpRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What others have set up in this kernel that concerns our addresses. */
final class ForeignChecks {
    private static final String SERVICES = "foreign IPVS services";
    private static final String RULES = "packet filter";
    private static final int SHOWN = 3;

    private ForeignChecks() {}

    /**
     * @param root the file system's
     * @param data the folder of a node of this machine
     * @param pools of a node that has not run yet
     */
    static List<Finding> all(Path root, Path data, List<IpRange> pools) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        List<IpRange> ours = pools;
        try {
            TableLook look = TableLook.at(root.resolve("proc/net/ip_vs"), data.resolve("ipvs"), pools);
            ours = look.ours();
            findings.addAll(services(look));
        } catch (IOException e) {
            findings.add(Finding.warning(SERVICES, "cannot be seen: " + e.getMessage(), "run the doctor as root"));
        }
        findings.addAll(rules(PacketFilter.read(ours)));
        return findings;
    }

    static List<Finding> services(TableLook look) {
        String elsewhere =
                look.elsewhere() == 0 ? "" : "; " + look.elsewhere() + " at other addresses, which l4lb never touches";
        List<Finding> findings = new ArrayList<>();
        if (!look.foreign().isEmpty()) {
            findings.add(Finding.warning(
                    SERVICES,
                    few(look.foreign()) + ": at addresses of ours, and l4lb did not make them" + elsewhere,
                    "remove them by hand (" + removal(look.foreign().get(0))
                            + "), or start the node with --ipvs-foreign remove"));
        }
        if (!look.remembered() && !look.others().isEmpty()) {
            findings.add(Finding.warning(
                    SERVICES,
                    few(look.others()) + ": at addresses of the pools, and no node has worked here; the first start"
                            + " takes them over, as it does dcos-net's, and removes what no name has" + elsewhere,
                    "if they are another program's, give l4lb another --pool, or remove them first"));
        }
        return findings.isEmpty() ? List.of(Finding.ok(SERVICES, "none at our addresses" + elsewhere)) : findings;
    }

    private static String removal(String service) {
        return service.endsWith("/tcp") || service.endsWith("/udp")
                ? "ipvsadm -D -" + service.charAt(service.lastIndexOf('/') + 1) + " "
                        + service.substring(0, service.lastIndexOf('/'))
                : "ipvsadm -D";
    }

    private static String few(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
    }

    static List<Finding> rules(PacketFilter filter) {
        List<Finding> findings = new ArrayList<>();
        filter.hits().forEach(hit -> findings.add(finding(hit)));
        for (String balancer : filter.balancers()) {
            findings.add(Finding.warning(
                    RULES + ", " + balancer,
                    "its rules are here; they do not concern ours as long as its service addresses are others",
                    fixFor(balancer)));
        }
        for (String reason : filter.unread()) {
            findings.add(Finding.warning(RULES, "cannot be read: " + reason, "run the doctor as root"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    RULES,
                    filter.readers().isEmpty()
                            ? "no FORWARD drops; other rules were not looked at, for neither nft nor iptables-save is here"
                            : "no rule keeps packets from our addresses; read with "
                                    + String.join(", ", filter.readers())));
        }
        return findings;
    }

    private static String fixFor(String balancer) {
        return balancer.equals("dcos-net")
                ? "stop dcos-net before a node starts; its rules may stay, l4lb's come before them"
                : "keep --pool apart from its service addresses";
    }

    private static Finding finding(Hit hit) {
        String check = RULES + ", " + hit.chain();
        return switch (hit.kind()) {
            case DIVERTED ->
                Finding.failure(
                        check,
                        hit.rule() + ": it comes before l4lb's own rules, IPVS does not see the packets",
                        hit.removal());
            case DIVERTED_WITHOUT_US ->
                Finding.warning(
                        check,
                        hit.rule() + ": l4lb's rules come first while its table inet l4lb is there; without it the"
                                + " packets go elsewhere",
                        hit.removal());
            case DROPPED ->
                Finding.failure(check, hit.rule() + ": it comes before IPVS, those packets are lost", hit.removal());
            case INPUT_DROPS ->
                Finding.warning(
                        check,
                        "drops what no rule before accepts: containers and other hosts cannot use virtual addresses"
                                + " through this host unless a rule accepts them",
                        "accept the pools before it: iptables -I INPUT -d POOL -j ACCEPT");
            case FORWARD_DROPS ->
                Finding.warning(
                        check,
                        "drops what no rule accepts, as Docker sets it up: answers to containers and other hosts that"
                                + " use virtual addresses may be lost",
                        "unless a rule lets them pass already: iptables -I FORWARD -m conntrack --ctstate"
                                + " ESTABLISHED,RELATED -j ACCEPT");
        };
    }
}
