package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.allocator.DangerousAddresses;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses that the program and its machine need to reach, which no fixed VIP may therefore be. */
final class NeededAddresses {
    private static final Logger log = LoggerFactory.getLogger(NeededAddresses.class);
    private static final Pattern NAMESERVER = Pattern.compile("\\s*nameserver\\s+(\\S+).*");

    private NeededAddresses() {}

    static DangerousAddresses of(Settings settings, String zooKeeper) {
        Map<Ip, String> reasons = new HashMap<>();
        gateways().forEach(ip -> reasons.put(ip, "this machine's default gateway"));
        resolvers().forEach(ip -> reasons.put(ip, "a resolver of this machine (/etc/resolv.conf)"));
        settings.node().ifPresent(node -> {
            node.forward()
                    .addresses()
                    .forEach(upstream -> reasons.put(upstream.ip(), "an upstream resolver (--upstream, --forward)"));
            node.dnsListen().forEach(listen -> reasons.put(listen.ip(), "where our DNS listens (--dns-listen)"));
        });
        for (String server : zooKeeper.replaceFirst("/.*", "").split(",", -1)) {
            int colon = server.lastIndexOf(':');
            Ip.parse(colon < 0 ? server : server.substring(0, colon).replaceAll("[\\[\\]]", ""))
                    .ifPresent(ip -> reasons.put(ip, "a ZooKeeper server"));
        }
        settings.allocator()
                .ifPresent(allocator -> allocator
                        .sources()
                        .hosts()
                        .forEach(host -> Ip.parse(host).ifPresent(ip -> reasons.put(ip, "where a source is"))));
        reasons.put(settings.admin().listen().ip(), "where the admin API listens (--admin-listen)");
        return new DangerousAddresses(reasons);
    }

    private static List<Ip> resolvers() {
        return lines(Path.of("/etc/resolv.conf")).stream()
                .map(NAMESERVER::matcher)
                .filter(Matcher::matches)
                .flatMap(line -> Ip.parse(line.group(1)).stream())
                .toList();
    }

    /** From the kernel's table (Documentation/networking/proc_net: Gateway is the address in host order, in hex). */
    private static List<Ip> gateways() {
        return lines(Path.of("/proc/net/route")).stream()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length > 2 && fields[2].matches("[0-9A-Fa-f]{8}"))
                .map(fields -> Ip.v4(Integer.reverseBytes(Integer.parseUnsignedInt(fields[2], 16))))
                .filter(ip -> ip.low() != 0)
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            log.debug("cannot read {}", file, e);
            return List.of();
        }
    }
}
